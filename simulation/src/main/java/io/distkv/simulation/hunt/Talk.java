package io.distkv.simulation.hunt;

import io.distkv.base.Lane;
import io.distkv.node.Node;
import io.distkv.node.command.Flag;
import io.distkv.node.command.Prepared;
import io.distkv.node.command.Reply;
import io.distkv.node.session.Output;
import io.distkv.node.session.Session;
import io.distkv.node.session.SessionContext;
import io.distkv.simulation.hunt.Hazards.Hazard;
import io.distkv.simulation.hunt.Owner.Belongings;
import io.distkv.simulation.world.SimulatedRandomness;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An owner's conversation with a node during one of its lives: keeps some requests in flight,
 * predicts each reply from the model, and books what was asked and answered.
 */
final class Talk implements Output {
  private static final String BEHIND_PART = "answered behind a flush done in part";

  private final NodeRun run;
  private final Owner owner;
  private final CommandDice dice;
  private final Excuses excuses;
  private final SimulatedRandomness random;
  private final Lane lane;
  private final int depth;
  private final ArrayDeque<Request> inFlight = new ArrayDeque<>();
  private final ArrayDeque<Request> prepared = new ArrayDeque<>();
  private @Nullable Session session;
  private Belongings selected;
  private int left;
  private boolean pumpQueued;

  /** Of some partitions it is not known whether they were emptied; only the next life can tell. */
  private boolean doneInPart;

  /**
   * @param depth most requests in flight
   * @param requests how many to make, about
   */
  Talk(NodeRun run, Owner owner, CommandDice dice, Lane lane, int depth, int requests) {
    this.run = run;
    this.owner = owner;
    this.dice = dice;
    this.random = dice.random();
    this.lane = lane;
    this.depth = depth;
    this.left = requests;
    this.selected = owner.belongings().getFirst();
    this.excuses = new Excuses(run);
  }

  void start(Node node) {
    lane.complete(() -> {
      session = node.open(new SessionContext(lane.index(), owner.name(), "node", this));
      prepareSelect(selected);
      pump();
    });
  }

  boolean finished() {
    return left <= 0 && inFlight.isEmpty() && prepared.isEmpty();
  }

  @Override
  public void reply(Reply reply) {
    Request request = inFlight.remove();
    run.trace().event("reply", owner.name(), Replies.text(reply).hashCode(), inFlight.size());
    run.trace().detail(() -> Replies.text(request.words()) + " -> " + Replies.text(reply));
    long at = run.nextMoment();
    if (reply instanceof Reply.Failure failure && excuses.nothingDone(failure, request.grows())) {
      request.steps().forEach(Step::refuse);
    } else if (reply instanceof Reply.Failure failure && excuses.outcomeUnknown(failure)) {
      doneInPart |= Excuses.inPart(failure);
      run.trace().say("outcome unknown");
    } else {
      // In this order: the model runs in the moment of the acknowledgement.
      request.steps().forEach(step -> step.acknowledge(at, run.nowNanos()));
      String expected = request.judge().expected(reply);
      if (doneInPart) {
        run.trace().tally().count(BEHIND_PART);
      } else if (expected != null && !expected.equals(Replies.text(reply))) {
        run.violated(
            "%s: %s was answered %s, should be %s"
                .formatted(
                    owner.name(), Replies.text(request.words()), Replies.text(reply), expected));
      }
    }
    queuePump();
  }

  @Override
  public void unanswered() {
    run.violated("a request got no reply although nobody asked for that");
  }

  @Override
  public void protocol(int version) {
    run.violated(owner.name() + ": protocol changed to " + version + " although nobody asked");
  }

  @Override
  public void close() {
    run.violated(owner.name() + ": the connection was closed although nobody asked");
  }

  @Override
  public long inputBytes() {
    return 0;
  }

  @Override
  public boolean hasRoomFor(long replyBytes) {
    return true;
  }

  @Override
  public long outputBytes() {
    return 0;
  }

  private void queuePump() {
    if (!pumpQueued) {
      pumpQueued = true;
      lane.schedule(
          random.chance(90) ? random.below(20_000) : random.below(3_000_000),
          () -> {
            pumpQueued = false;
            pump();
          });
    }
  }

  private void pump() {
    Session open = session;
    if (open == null) {
      throw new IllegalStateException("no session yet");
    }
    while (inFlight.size() < depth && (left > 0 || !prepared.isEmpty())) {
      if (prepared.isEmpty()) {
        left--;
        prepareNext();
        continue;
      }
      Request request = prepared.remove();
      inFlight.add(request);
      for (Step step : request.steps()) {
        step.submit(run.syncedWithinNanos(request.space()), run.nextMoment(), run.wallMillis());
      }
      run.trace().event("ask", owner.name(), Replies.text(request.words()).hashCode(), 0);
      run.trace().detail(() -> Replies.text(request.words()));
      open.submit(request.words());
    }
  }

  private void prepareNext() {
    int roll = random.below(100);
    if (roll < 45) {
      prepareWrite(dice.write(run.farMillis(random)));
    } else if (roll < 60) {
      prepareTransaction();
    } else if (roll < 95) {
      prepareRead(dice.read());
    } else if (roll < 97) {
      prepareSelect(owner.belongings().get(random.below(owner.belongings().size())));
    } else if (selected.space().exclusive()) {
      prepareOverAll();
    } else {
      prepareCount();
    }
  }

  private void prepareSelect(Belongings belongings) {
    selected = belongings;
    Object name =
        random.chance(50) ? belongings.space().name() : (Object) belongings.space().number();
    prepareFixed(CommandDice.words("SELECT", name), "+OK");
  }

  private void prepareFixed(byte[][] words, String expected) {
    prepared.add(new Request(selected.space(), words, List.of(), false, reply -> expected));
  }

  private void prepareRead(byte[][] words) {
    ModelKeyspace live = selected.live();
    prepared.add(
        new Request(
            selected.space(),
            words,
            List.of(),
            false,
            reply -> Replies.text(live.run(words, run.wallMillis()))));
  }

  private void prepareWrite(byte[][] words) {
    ModelKeyspace live = selected.live();
    prepared.add(
        new Request(
            selected.space(),
            words,
            List.of(
                selected.step(selected.space().partitionOf(words[1]), List.<byte[][]>of(words))),
            grows(words),
            reply -> Replies.text(live.run(words, run.wallMillis()))));
  }

  private boolean grows(byte[][] words) {
    return run.table().prepare(words) instanceof Prepared.Ready ready
        && ready.spec().is(Flag.DENYOOM);
  }

  /** Commands that concern every partition of a keyspace that the owner has for itself. */
  private void prepareOverAll() {
    ModelKeyspace live = selected.live();
    if (random.chance(60)) {
      prepareRead(
          random.chance(50)
              ? CommandDice.words("DBSIZE")
              : CommandDice.words("KEYS", random.pick("*", "*1", "*{*}2*", "none")));
      return;
    }
    boolean refusals = run.life().has(Hazard.OVERLOAD) || run.life().has(Hazard.READ_ERRORS);
    if (refusals && selected.space().partitions() > 1) {
      return; // some partitions might refuse it, and the answer would not say which
    }
    byte[][] words = CommandDice.words("FLUSHDB");
    List<Step> steps = new ArrayList<>();
    for (int partition = 0; partition < selected.space().partitions(); partition++) {
      steps.add(selected.step(partition, List.<byte[][]>of(words)));
    }
    prepared.add(
        new Request(
            selected.space(),
            words,
            steps,
            false,
            reply -> Replies.text(live.run(words, run.wallMillis()))));
  }

  /** A counter that all owners raise. */
  private void prepareCount() {
    SharedCounter counter = run.counter(selected.space());
    prepared.add(
        new Request(
            selected.space(),
            CommandDice.words("INCR", counter.key()),
            List.of(counter.raise()),
            true,
            reply ->
                reply instanceof Reply.Int(long number) && counter.mayAnswer(number)
                    ? null
                    : "a number that no other raise was answered with"));
  }

  private void prepareTransaction() {
    Belongings belongings = selected;
    List<byte[][]> commands = dice.transaction(run.farMillis(random));
    byte[] first = commands.getFirst()[1];
    int partition = belongings.space().partitionOf(first);
    boolean watched = !run.life().mayRefuse() && random.chance(30);
    boolean disturbed = watched && random.chance(30);
    if (watched) {
      prepareFixed(CommandDice.words("WATCH", first), "+OK");
    }
    if (disturbed) {
      prepareWrite(CommandDice.words("SET", first, dice.value()));
    }
    prepareFixed(CommandDice.words("MULTI"), "+OK");
    for (byte[][] command : commands) {
      prepareFixed(command, "+QUEUED");
    }
    if (random.chance(10)) {
      prepareFixed(CommandDice.words("DISCARD"), "+OK");
      return;
    }
    byte[][] exec = CommandDice.words("EXEC");
    if (disturbed) {
      prepareFixed(exec, "null list");
      return;
    }
    ModelKeyspace live = belongings.live();
    prepared.add(
        new Request(
            belongings.space(),
            exec,
            List.of(belongings.step(partition, commands)),
            commands.stream().anyMatch(this::grows),
            reply -> {
              live.beginEntry(run.wallMillis());
              return commands.stream()
                  .map(words -> Replies.text(live.runInEntry(words)))
                  .collect(Collectors.joining(" ", "[", "]"));
            }));
  }
}
