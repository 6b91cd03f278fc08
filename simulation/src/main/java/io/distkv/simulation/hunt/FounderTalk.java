package io.distkv.simulation.hunt;

import io.distkv.base.Lane;
import io.distkv.node.Node;
import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.session.Session;
import io.distkv.node.session.SessionContext;
import io.distkv.simulation.world.RepliesOnly;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Tally;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A founder's conversation with a node during one of its lives. One change of keyspaces at a time
 * is under way, beside reads and writes; those in a keyspace that goes may be answered that it is
 * gone, and then it is.
 */
final class FounderTalk extends RepliesOnly {
  private static final int MOST_IN_FLIGHT = 3;

  private final NodeRun run;
  private final Founder founder;
  private final SimulatedRandomness random;
  private final Lane lane;
  private final Excuses excuses;
  private final ArrayDeque<Consumer<Reply>> inFlight = new ArrayDeque<>();
  private @Nullable Session session;
  private @Nullable Made selected;
  private int left;
  private boolean changing;
  private boolean pumpQueued;

  /**
   * @param requests how many to make, about
   */
  FounderTalk(NodeRun run, Founder founder, Lane lane, int requests) {
    this.run = run;
    this.founder = founder;
    this.random = founder.dice().random();
    this.lane = lane;
    this.left = requests;
    this.excuses = new Excuses(run);
    Tally tally = run.trace().tally();
    List.of("created", "altered", "dropped", "answered that it is gone")
        .forEach(what -> tally.expect("a keyspace " + what));
  }

  void start(Node node) {
    lane.complete(() -> {
      session = node.open(new SessionContext(lane.index(), "founder", "node", this));
      pump();
    });
  }

  boolean finished() {
    return left <= 0 && inFlight.isEmpty();
  }

  private void pump() {
    while (left > 0 && inFlight.size() < MOST_IN_FLIGHT) {
      left--;
      next();
    }
  }

  private void next() {
    int roll = random.below(100);
    if (!changing && roll < 12 && founder.made().size() < Founder.MOST) {
      create();
    } else if (!changing && roll < 20) {
      alter(any());
    } else if (!changing && roll < 26) {
      drop(any());
    } else {
      use(any());
    }
  }

  /** Any that is there; null if none is. */
  private @Nullable Made any() {
    List<Made> there =
        founder.made().stream().filter(made -> made.state() == Made.State.THERE).toList();
    return there.isEmpty() ? null : there.get(random.below(there.size()));
  }

  private void create() {
    int place = 0;
    while (isUsed(Founder.name(place))) {
      place++;
    }
    KeyspaceOptions options =
        run.options()
            .drawKeyspace(
                random, Founder.FIRST_NUMBER + place, Founder.name(place), 1 << random.below(3));
    Made made = founder.creates(options);
    List<Object> words = words("CREATE", options);
    words.addAll(List.of("NUMBER", options.number(), "PARTITIONS", options.partitions()));
    change(
        words,
        description -> {
          founder.compare(made, description);
          made.become(Made.State.THERE);
          run.trace().tally().count("a keyspace created");
        },
        () -> founder.loses(made));
  }

  private boolean isUsed(String name) {
    return founder.made().stream().anyMatch(made -> made.name().equals(name));
  }

  private void alter(@Nullable Made made) {
    if (made == null) {
      return;
    }
    Space space = made.space();
    KeyspaceOptions wanted =
        run.options().drawKeyspace(random, space.number(), space.name(), space.partitions());
    made.alter(wanted);
    change(
        words("ALTER", wanted),
        description -> {
          if (!Descriptions.options(description).equals(wanted)) {
            run.violated("a keyspace was altered to " + Replies.text(description));
          }
          made.is(wanted);
          run.trace().tally().count("a keyspace altered");
        },
        () -> made.is(made.options()));
  }

  private void drop(@Nullable Made made) {
    if (made == null) {
      return;
    }
    made.become(Made.State.DROPPED);
    change(
        new ArrayList<>(List.of("KEYSPACE", "DROP", made.name(), made.name())),
        reply -> {
          if (!Replies.text(reply).equals("+OK")) {
            run.violated("a drop was answered " + Replies.text(reply));
          }
          founder.loses(made);
          run.trace().tally().count("a keyspace dropped");
        },
        () -> {
          if (made.state() == Made.State.GONE) {
            run.violated(made.name() + " was said to be gone, and then that it was not dropped");
          }
          made.become(Made.State.THERE);
        });
  }

  private static List<Object> words(String command, KeyspaceOptions options) {
    List<Object> words = new ArrayList<>(List.of("KEYSPACE", command, options.name()));
    words.addAll(Descriptions.words(options));
    return words;
  }

  /** A change of keyspaces; of one whose outcome is unknown only the next life can tell. */
  private void change(List<Object> words, Consumer<Reply> done, Runnable notDone) {
    changing = true;
    if (random.chance(15)) {
      run.life().endWithin(random.between(1, 30));
    }
    ask(
        CommandDice.words(words.toArray()),
        reply -> {
          if (!(reply instanceof Reply.Failure failure)) {
            changing = false;
            done.accept(reply);
          } else if (excuses.nothingDone(failure, true)) {
            changing = false;
            notDone.run();
          } else if (!excuses.outcomeUnknown(failure)) {
            run.violated("a change of keyspaces was answered " + Replies.text(reply));
          }
        });
  }

  private void use(@Nullable Made made) {
    if (made == null) {
      return;
    }
    if (selected != made) {
      selected = made;
      ask(
          CommandDice.words(
              "SELECT", random.chance(50) ? made.name() : (Object) made.space().number()),
          reply -> {
            boolean gone = made.state() != Made.State.THERE;
            if (!gone && !Replies.text(reply).equals("+OK")) {
              run.violated("SELECT of " + made.name() + " was answered " + Replies.text(reply));
            }
          });
    }
    if (random.chance(60)) {
      byte[][] words = founder.dice().write(run.farMillis(random));
      write(made, words, List.of(made.space().partitionOf(words[1])));
    } else if (random.chance(80)) {
      data(made, founder.dice().read(), List.of());
    } else if (random.chance(50) || run.life().mayRefuse() || run.life().mayFail()) {
      data(made, CommandDice.words("DBSIZE"), List.of());
    } else {
      List<Integer> all = new ArrayList<>();
      for (int partition = 0; partition < made.space().partitions(); partition++) {
        all.add(partition);
      }
      write(made, CommandDice.words("FLUSHDB"), all);
    }
  }

  private void write(Made made, byte[][] words, List<Integer> partitions) {
    List<Step> steps = new ArrayList<>();
    for (int partition : partitions) {
      Step step = made.belongings().step(partition, List.<byte[][]>of(words));
      step.submit(made.syncedWithinNanos(), run.nextMoment(), run.wallMillis());
      steps.add(step);
    }
    data(made, words, steps);
  }

  private void data(Made made, byte[][] words, List<Step> steps) {
    ask(
        words,
        reply -> {
          if (reply instanceof Reply.Failure failure) {
            if (made.explains(failure.line())) {
              run.trace().tally().count("a keyspace answered that it is gone");
              made.become(Made.State.GONE);
              return;
            }
            if (excuses.nothingDone(failure, !steps.isEmpty())) {
              steps.forEach(Step::refuse);
              return;
            }
            if (excuses.outcomeUnknown(failure)) {
              return;
            }
          }
          steps.forEach(step -> step.acknowledge(run.nextMoment(), run.nowNanos()));
          String expected = Replies.text(made.belongings().live().run(words, run.wallMillis()));
          if (!expected.equals(Replies.text(reply))) {
            run.violated(
                "founder in %s: %s was answered %s, should be %s"
                    .formatted(made.name(), Replies.text(words), Replies.text(reply), expected));
          }
        });
  }

  private void ask(byte[][] words, Consumer<Reply> answer) {
    Session open = session;
    if (open == null) {
      throw new IllegalStateException("no session yet");
    }
    inFlight.add(answer);
    run.trace().event("ask", "founder", Replies.text(words).hashCode(), 0);
    run.trace().detail(() -> Replies.text(words));
    open.submit(words);
  }

  @Override
  public void reply(Reply reply) {
    Consumer<Reply> answer = inFlight.remove();
    run.trace().event("reply", "founder", Replies.text(reply).hashCode(), inFlight.size());
    run.trace().detail(() -> Replies.text(reply));
    answer.accept(reply);
    if (!pumpQueued) {
      pumpQueued = true;
      lane.schedule(
          random.below(2_000_000),
          () -> {
            pumpQueued = false;
            pump();
          });
    }
  }
}
