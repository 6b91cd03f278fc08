package io.distkv.simulation.hunt;

import io.distkv.base.DiskFullException;
import io.distkv.node.Node;
import io.distkv.node.NodeEnvironment;
import io.distkv.node.NodeOptions;
import io.distkv.simulation.disk.DiskFaults.Operation;
import io.distkv.simulation.hunt.Hazards.Hazard;
import io.distkv.simulation.world.Delays;
import io.distkv.simulation.world.SimulatedHost;
import io.distkv.simulation.world.SimulatedLane;
import io.distkv.simulation.world.SimulatedProcess;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.SimulatedWorkers;
import io.distkv.simulation.world.Tally;
import io.distkv.simulation.world.Violation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One run of a node, from its start to the end that was drawn for it. */
final class NodeLife {
  private static final long SECOND = 1_000_000_000L;

  /** Longer than the node's longest wait before it tries a full disk again. */
  private static final long RECOVERY_NANOS = 30 * SECOND;

  private static final String NOT_STARTED = "not started on a full disk";
  private static final String STOPPED_FULL = "stopped on a full disk";
  private static final String FAILED_READING = "failed because it could not read";
  private static final String RECOVERED = "recovered from a full disk";

  /** How it ended, where it was not killed. */
  enum End {
    /** All requests were answered; it still runs, and is to be killed. */
    RUNNING,
    /** It stopped as it was told to. */
    STOPPED,
    /** It gave up on its disk. */
    FAILED
  }

  private final NodeRun run;
  private final SimulatedRandomness random;
  private final Ending ending;
  private final SimulatedProcess process;
  private final SimulatedWorkers reads;
  private final Hazards hazards;
  private final SimulatedHost host = new SimulatedHost();

  NodeLife(NodeRun run, int number, SimulatedRandomness random, Ending ending) {
    this.run = run;
    this.random = random;
    this.ending = ending;
    Tally tally = run.trace().tally();
    List.of(NOT_STARTED, STOPPED_FULL, FAILED_READING, RECOVERED, Checker.REBUILT)
        .forEach(tally::expect);
    process =
        new SimulatedProcess(
            "life " + number,
            run.queue(),
            random,
            Delays.draw(random),
            1 + random.below(3),
            10_000);
    reads = process.workers("reads", 1 + random.below(3), 10_000);
    hazards = new Hazards(random.fork(), run.queue(), run.disk());
  }

  /** Whether the node may answer that it did nothing, for this reason. */
  boolean has(Hazard hazard) {
    return hazards.has(hazard);
  }

  /** Whether the node may answer that it did nothing. */
  boolean mayRefuse() {
    return hazards.any();
  }

  /** Whether the node may stop serving because of its disk. */
  boolean mayFail() {
    return ending == Ending.SYNC_FAILURE || hazards.has(Hazard.READ_ERRORS);
  }

  /** Where it is to end at some step of the disk: it ends within so many from now. */
  void endWithin(long steps) {
    if (ending.isAtStep()) {
      run.disk().faults().crashAtStep(run.disk().steps() + steps);
    }
  }

  /** Nothing of it runs from here on. */
  void kill() {
    process.kill();
    hazards.end(true);
  }

  /** Lives. */
  End run() {
    if (ending.isAtStep()) {
      run.disk().faults().crashWithin(random, run.disk().steps(), 3000);
    }
    boolean fullAtStart = hazards.beginBeforeStart();
    Node node = start(fullAtStart);
    if (node == null) {
      run.trace().tally().count(NOT_STARTED);
      return End.RUNNING;
    }
    SimulatedLane lane = process.lanes().get(random.below(process.lanes().size()));
    boolean lossesPossible = run.losses().any();
    Remains found = new Checker(run, random.fork(), lane, node).check(run.options().spaces());
    for (Onlooker onlooker : run.onlookers()) {
      onlooker.begin(node, onlooker.home(process.lanes()), found, lossesPossible);
    }
    if (ending == Ending.SYNC_FAILURE) {
      run.disk().faults().fail(Operation.SYNC, "journal", random.magnitude(1, 40), false);
    }
    if (hazards.any()) {
      run.losses().mayHaveRefused();
    }
    hazards.begin(process, reads);
    boolean answered = talk(node, 300);
    if (host.failure() != null) {
      return failed(host.failure());
    }
    if (answered && !hazards.any() && !look(node, lane)) {
      return failed(host.failure());
    }
    if (ending == Ending.STOP) {
      stop(node);
      return End.STOPPED;
    }
    if (answered && hazards.has(Hazard.FULL_DISK) && !hazards.has(Hazard.OVERLOAD) && !mayFail()) {
      recover(node);
    }
    return End.RUNNING;
  }

  /**
   * Looks at all that the node holds, to compare it with what the next one rebuilds.
   *
   * @return false if the node gave up meanwhile: the sync that is to fail may be one of its own
   */
  private boolean look(Node node, SimulatedLane lane) {
    Checker checker = new Checker(run, random.fork(), lane, node);
    try {
      Remains remains = checker.remains(run.options().spaces());
      run.remains(remains);
      run.onlookers().forEach(onlooker -> onlooker.compare(remains));
      return true;
    } catch (Violation e) {
      if (host.failure() == null) {
        throw e;
      }
      return false;
    }
  }

  private End failed(@Nullable Throwable why) {
    if (!mayFail()) {
      throw new Violation("the node failed", why);
    }
    if (ending != Ending.SYNC_FAILURE) {
      run.trace().tally().count(FAILED_READING);
    }
    return End.FAILED;
  }

  /** Starts the node; null if it could not because the disk is full. */
  private @Nullable Node start(boolean fullAtStart) {
    List<SimulatedWorkers> sync = new ArrayList<>();
    for (SimulatedLane lane : process.lanes()) {
      sync.add(process.workers("sync " + lane.index(), 1, 10_000));
    }
    NodeEnvironment environment =
        new NodeEnvironment(
            run.program(),
            run.clock(),
            random.fork(),
            List.copyOf(process.lanes()),
            List.copyOf(sync),
            reads,
            process.workers("background", 1 + random.below(3), 10_000));
    NodeOptions drawn = run.options().drawNode(run.keyspaces());
    NodeOptions options =
        drawn.toBuilder()
            .pendingBytesPerReplica(hazards.pendingBytes(drawn.pendingBytesPerReplica()))
            .build();
    Throwable failure;
    try {
      Node node = Node.start(environment, options, host, host);
      run.runUntil(() -> host.hasStarted() || host.failure() != null, "the start of the node");
      if (host.failure() == null) {
        return node;
      }
      failure = host.failure();
    } catch (IOException e) {
      failure = e;
    }
    if (fullAtStart && failure instanceof DiskFullException) {
      return null;
    }
    throw new Violation("the node did not start", failure);
  }

  /**
   * Has every client talk; a kill comes at any event.
   *
   * @return whether everything was answered
   */
  private boolean talk(Node node, int mostRequests) {
    List<Talk> talks = new ArrayList<>();
    for (int i = 0; i < run.owners().size(); i++) {
      SimulatedLane lane = process.lanes().get(random.below(process.lanes().size()));
      int depth = random.pick(1, 3, mayRefuse() ? PartitionHistory.MOST_OPEN : 20);
      int requests = (int) random.magnitude(1, mostRequests);
      Talk talk = new Talk(run, run.owners().get(i), run.dice().get(i), lane, depth, requests);
      talk.start(node);
      talks.add(talk);
    }
    long killAfter =
        ending == Ending.KILL ? run.trace().events() + random.magnitude(1, 20_000) : Long.MAX_VALUE;
    SimulatedLane lane = process.lanes().get(random.below(process.lanes().size()));
    Drifter drifter = new Drifter(run, random.fork(), lane, random.pick(0, 10, 100));
    drifter.start(node);
    FounderTalk founder = found(node, mostRequests);
    BooleanSupplier finished =
        () ->
            drifter.finished()
                && talks.stream().allMatch(Talk::finished)
                && (founder == null || founder.finished());
    run.runUntil(
        () ->
            host.failure() != null || run.trace().events() >= killAfter || finished.getAsBoolean(),
        "the end of all requests");
    if (host.defect() != null && !mayFail()) {
      throw new Violation("a defect showed", host.defect());
    }
    return finished.getAsBoolean();
  }

  private @Nullable FounderTalk found(Node node, int mostRequests) {
    Founder founder = run.founder();
    if (founder == null) {
      return null;
    }
    SimulatedRandomness itsRandom = founder.dice().random();
    SimulatedLane lane = process.lanes().get(itsRandom.below(process.lanes().size()));
    FounderTalk talk =
        new FounderTalk(run, founder, lane, (int) itsRandom.magnitude(1, mostRequests));
    talk.start(node);
    return talk;
  }

  /** There is room again: after a while nothing is refused any more. */
  private void recover(Node node) {
    hazards.end(true);
    run.queue().runFor(RECOVERY_NANOS);
    talk(node, 20);
    run.trace().tally().count(RECOVERED);
  }

  private void stop(Node node) {
    boolean staysFull = hazards.has(Hazard.FULL_DISK) && random.chance(50);
    hazards.end(!staysFull);
    run.onlookers().forEach(Onlooker::end);
    boolean[] stopped = new boolean[1];
    node.stop(() -> stopped[0] = true);
    run.runUntil(() -> stopped[0], "the node's stop");
    run.queue().runFor(10 * SECOND);
    if (staysFull && run.disk().faults().isFull()) {
      run.trace().tally().count(STOPPED_FULL);
    }
  }
}
