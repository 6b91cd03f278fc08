package io.distkv.simulation.cluster;

import io.distkv.node.replica.Replica;
import io.distkv.raft.Role;
import io.distkv.simulation.cluster.fault.Extent;
import io.distkv.simulation.cluster.fault.FaultDice;
import io.distkv.simulation.cluster.fault.PlannedFault;
import io.distkv.simulation.cluster.invariant.Invariant;
import io.distkv.simulation.cluster.invariant.NoAcknowledgedWriteLost;
import io.distkv.simulation.cluster.timeline.Moment;
import io.distkv.simulation.cluster.timeline.Timeline;
import io.distkv.simulation.linearizability.History;
import io.distkv.simulation.linearizability.Linearizability;
import io.distkv.simulation.linearizability.Verdict;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Trace;
import io.distkv.simulation.world.Violation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * One seed of a cluster: machines and clients on one thread, first with everything going wrong that
 * was drawn for it, then with nothing. In the second phase the groups must serve again within a
 * bounded time, and all replicas come to hold the same; after it the history of the clients must be
 * linearizable. The invariants are looked at after every event.
 */
public final class ClusterRun {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;

  /** How long groups may take, after the last fault, until every replica has everything. */
  private static final long LIVENESS_NANOS = 120 * SECOND;

  /** Far more than any run takes that gets on. */
  private static final long MOST_EVENTS = 20_000_000;

  private static final String UNDECIDED = "history undecided";

  private final Trace trace;
  private final EventQueue queue;
  private final ClusterOptions options;
  private final Selection selection;
  private final Timeline timeline = new Timeline();
  private final Cluster cluster;
  private final Faults faults;
  private final History history = new History();
  private final List<Client> clients = new ArrayList<>();
  private final List<SessionClient> sessionClients = new ArrayList<>();
  private final List<ExpiryClient> expiryClients = new ArrayList<>();
  private final List<PipelineClient> pipelineClients = new ArrayList<>();
  private final int plannedFaults;
  private int processes;
  private long abandonAfterNanos = Long.MAX_VALUE;

  /** What a run amounted to. */
  public record Outcome(
      String traceHash,
      long events,
      long operations,
      long faults,
      int lives,
      int powerCuts,
      long virtualNanos) {}

  /** A run that went on for longer than anybody wanted to know. */
  private static final class Abandoned extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * @throws IllegalArgumentException if it is to keep a fault that the seed does not have
   */
  public ClusterRun(long seed, Trace trace, Selection selection) {
    this(seed, trace, selection, Invariant.all());
  }

  /**
   * @param invariants that are looked at, beside what clients were told; with a state of their own,
   *     so of this run alone
   * @throws IllegalArgumentException if it is to keep a fault that the seed does not have
   */
  public ClusterRun(long seed, Trace trace, Selection selection, List<Invariant> invariants) {
    this(new SimulatedRandomness(seed), ClusterOptions::draw, trace, selection, invariants);
  }

  private ClusterRun(
      SimulatedRandomness random,
      Function<SimulatedRandomness, ClusterOptions> draw,
      Trace trace,
      Selection selection,
      List<Invariant> invariants) {
    this.selection = selection;
    this.trace = trace;
    queue = new EventQueue(trace);
    options = draw.apply(random.fork());
    trace.detail(() -> options.toString());
    trace.tally().expect(UNDECIDED);
    trace.tally().count(options.way());
    NoAcknowledgedWriteLost acknowledged = new NoAcknowledgedWriteLost();
    List<Invariant> all = new ArrayList<>(invariants);
    all.add(acknowledged);
    cluster = new Cluster(options, queue, random.fork(), all, timeline);
    List<PlannedFault> planned =
        FaultDice.draw(
            random.fork(),
            new Extent(options.machines(), options.keyspace().partitions()),
            options.faultEveryNanos(),
            options.safetyNanos());
    plannedFaults = planned.size();
    selection.requireFaultsUpTo(plannedFaults);
    faults =
        new Faults(
            cluster,
            queue,
            planned.stream().filter(fault -> selection.faults().contains(fault.number())).toList(),
            timeline);
    Client.Book book = new Client.Book(history, timeline, acknowledged, () -> processes++);
    for (int i = 0; i < options.clients(); i++) {
      clients.add(
          new Client(
              i,
              cluster,
              queue,
              random.fork(),
              book,
              number -> faults.haveEnded() || selection.operations().contains(number),
              options.thinkNanos(),
              random.between(1, 15) * SECOND));
    }
    for (int i = 0; i < options.sessionClients(); i++) {
      sessionClients.add(new SessionClient(i, cluster, queue, random.fork()));
    }
    for (int i = 0; i < options.expiryClients(); i++) {
      expiryClients.add(new ExpiryClient(cluster, queue, random.fork()));
    }
    for (int i = 0; i < options.pipelineClients(); i++) {
      pipelineClients.add(new PipelineClient(i, cluster, queue, random.fork()));
    }
  }

  /**
   * A run in which nothing goes wrong for ten minutes of steady work: what it takes to simulate.
   */
  public static ClusterRun steady(long seed, Trace trace) {
    return new ClusterRun(
        new SimulatedRandomness(seed),
        _ -> ClusterOptions.steady(),
        trace,
        Selection.EVERYTHING,
        Invariant.all());
  }

  /** Gives up, with an exception, as soon as so much virtual time has passed. */
  void abandonAfter(long nanos) {
    abandonAfterNanos = nanos;
  }

  /** What kind of run it is, in sentences. */
  public List<String> optionWords() {
    return OptionWords.of(options, selection, plannedFaults);
  }

  /** The hash over all that has happened so far, as 16 hex digits. */
  public String traceHash() {
    return trace.hex();
  }

  /** What has happened so far, for people. */
  public Timeline timeline() {
    return timeline;
  }

  /** What clients have asked and were told so far. */
  public History history() {
    return history;
  }

  /**
   * Runs it.
   *
   * @throws Violation if something did not hold; anything else that is thrown is a defect, too
   */
  public Outcome run() {
    try {
      return runToTheEnd();
    } catch (RuntimeException | Error e) {
      timeline.add(new Moment.Broken(queue.nowNanos(), words(e)));
      throw e;
    }
  }

  private static String words(Throwable failure) {
    List<String> words = new ArrayList<>();
    for (Throwable each = failure; each != null; each = each.getCause()) {
      words.add(each instanceof Violation ? String.valueOf(each.getMessage()) : each.toString());
    }
    return String.join("\ncaused by ", words);
  }

  private Outcome runToTheEnd() {
    cluster.machines().forEach(Machine::start);
    clients.forEach(Client::start);
    sessionClients.forEach(SessionClient::start);
    expiryClients.forEach(ExpiryClient::start);
    pipelineClients.forEach(PipelineClient::start);
    faults.begin();
    runFor(Math.min(options.safetyNanos(), selection.calmAfterNanos()));
    faults.end();
    trace.say("nothing goes wrong from here on");
    awaitLiveness();
    clients.forEach(Client::stop);
    sessionClients.forEach(SessionClient::stop);
    expiryClients.forEach(ExpiryClient::stop);
    pipelineClients.forEach(PipelineClient::stop);
    runUntil(this::isIdle, LIVENESS_NANOS, "the last answers");
    runUntil(this::isSettled, LIVENESS_NANOS, "all replicas to have everything");
    Contents.requireEqual(cluster);
    checkHistory();
    long operations = clients.stream().mapToLong(Client::succeeded).sum();
    int lives = cluster.machines().stream().mapToInt(Machine::lives).sum();
    int powerCuts = cluster.machines().stream().mapToInt(Machine::powerCuts).sum();
    return new Outcome(
        trace.hex(),
        trace.events(),
        operations,
        faults.count(),
        lives,
        powerCuts,
        queue.nowNanos());
  }

  /** Every client gets an answer that is no refusal. */
  private void awaitLiveness() {
    List<LongSupplier> counts = new ArrayList<>();
    clients.forEach(client -> counts.add(client::succeeded));
    sessionClients.forEach(client -> counts.add(client::succeeded));
    pipelineClients.forEach(client -> counts.add(client::succeeded));
    List<Long> before = counts.stream().map(LongSupplier::getAsLong).toList();
    runUntil(
        () -> {
          for (int i = 0; i < counts.size(); i++) {
            if (counts.get(i).getAsLong() < before.get(i) + 3) {
              return false;
            }
          }
          return true;
        },
        LIVENESS_NANOS,
        "every client to be served again");
  }

  private boolean isIdle() {
    return clients.stream().allMatch(Client::isIdle)
        && sessionClients.stream().allMatch(SessionClient::isIdle)
        && pipelineClients.stream().allMatch(PipelineClient::isIdle);
  }

  /** Whether every member of every group has applied all that its leader has. */
  private boolean isSettled() {
    for (int partition = 0; partition < options.keyspace().partitions(); partition++) {
      if (!isSettled(partition)) {
        return false;
      }
    }
    return true;
  }

  /** Whether all members that the newest leader knows have all that it has. */
  private boolean isSettled(int partition) {
    List<Replica> replicas = cluster.replicas(partition);
    Replica leader =
        replicas.stream()
            .filter(replica -> replica.raft().role() == Role.LEADER)
            .max(Comparator.comparingLong(replica -> replica.raft().term()))
            .orElse(null);
    if (leader == null || leader.raft().membership().isJoint()) {
      return false;
    }
    long last = leader.raft().last().index();
    long settled =
        replicas.stream()
            .filter(replica -> leader.raft().membership().member(replica.raft().id()).isPresent())
            .filter(replica -> replica.appliedIndex() == last)
            .count();
    return leader.appliedIndex() == last && settled == leader.raft().membership().members().size();
  }

  private void checkHistory() {
    for (Verdict verdict : Linearizability.check(history, Linearizability.DEFAULT_BUDGET_STEPS)) {
      switch (verdict) {
        case Verdict.Linearizable _ -> {}
        case Verdict.Undecided _ -> trace.tally().count(UNDECIDED);
        case Verdict.Violation violation -> throw new Violation(violation.message());
      }
    }
  }

  private void runFor(long nanos) {
    long end = queue.nowNanos() + nanos;
    while (queue.nowNanos() < end && step()) {
      // Everything happens in the step.
    }
  }

  private boolean step() {
    if (queue.nowNanos() > abandonAfterNanos) {
      throw new Abandoned();
    }
    if (trace.events() > MOST_EVENTS) {
      throw new Violation("somebody is busy with nothing: " + trace.events() + " events");
    }
    return cluster.step();
  }

  private void runUntil(BooleanSupplier condition, long withinNanos, String what) {
    long deadline = queue.nowNanos() + withinNanos;
    while (!condition.getAsBoolean()) {
      if (queue.nowNanos() > deadline || !step()) {
        throw new Violation("waited in vain for " + what + " for " + withinNanos / 1e9 + " s");
      }
    }
  }
}
