package io.distkv.simulation.hunt;

import io.distkv.node.Node;
import io.distkv.node.command.Reply;
import io.distkv.node.session.Output;
import io.distkv.node.session.Session;
import io.distkv.node.session.SessionContext;
import io.distkv.simulation.hunt.Owner.Belongings;
import io.distkv.simulation.hunt.PartitionHistory.Found;
import io.distkv.simulation.hunt.PartitionHistory.Survivors;
import io.distkv.simulation.world.SimulatedLane;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Violation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads everything that a started node holds, and compares it with what it should hold. */
final class Checker implements Output {
  /** What PEXPIRETIME says of a key that is not there. */
  private static final long NO_SUCH_KEY = -2;

  private static final int BATCH = 200;

  /** A state rebuilt from the log was compared with the one that died. */
  static final String REBUILT = "rebuilt state compared";

  private final NodeRun run;
  private final SimulatedRandomness random;
  private final SimulatedLane lane;
  private final Session session;
  private final List<Reply> replies = new ArrayList<>();

  Checker(NodeRun run, SimulatedRandomness random, SimulatedLane lane, Node node) {
    this.run = run;
    this.random = random;
    this.lane = lane;
    Session[] opened = new Session[1];
    lane.complete(
        () -> opened[0] = node.open(new SessionContext(lane.index(), "checker", "node", this)));
    run.runUntil(() -> opened[0] != null, "the checker's session");
    session = opened[0];
  }

  /**
   * Compares all keyspaces; what was found is what later comparisons start from.
   *
   * @return what was found
   */
  Remains check(List<Space> spaces) {
    List<NavigableMap<byte[], Found>> contents = readAll(spaces);
    List<NavigableMap<byte[], Found>> found = new ArrayList<>();
    contents.forEach(content -> found.add(new TreeMap<>(content)));
    Remains remains = run.takeRemains();
    if (remains != null && !run.losses().any()) {
      run.trace().tally().count(REBUILT);
      remains.compare(spaces, contents, run.latestMillis());
    }
    for (int i = 0; i < spaces.size(); i++) {
      compare(spaces.get(i), contents.get(i));
    }
    Founder founder = run.founder();
    if (founder != null) {
      checkMade(founder);
    }
    run.losses().settled();
    endSession();
    return new Remains(found);
  }

  /** Compares the keyspaces that were made while the node ran. */
  private void checkMade(Founder founder) {
    Set<String> listed = new TreeSet<>();
    Reply list = ask(List.<byte[][]>of(CommandDice.words("KEYSPACE", "LIST"))).getFirst();
    if (list instanceof Reply.Pairs(List<Reply> flat)) {
      bulks(new Reply.Array(flat))
          .forEach(name -> listed.add(new String(name, StandardCharsets.ISO_8859_1)));
    }
    for (Made made : founder.settle(listed)) {
      byte[][] describe = CommandDice.words("KEYSPACE", "DESCRIBE", made.name());
      founder.compare(made, ask(List.<byte[][]>of(describe)).getFirst());
      compare(made.space(), read(made.space()));
    }
  }

  /** All that the node holds now. */
  Remains remains(List<Space> spaces) {
    Remains remains = new Remains(readAll(spaces));
    endSession();
    return remains;
  }

  private List<NavigableMap<byte[], Found>> readAll(List<Space> spaces) {
    List<NavigableMap<byte[], Found>> contents = new ArrayList<>();
    for (Space space : spaces) {
      contents.add(read(space));
    }
    return contents;
  }

  private void endSession() {
    lane.complete(session::close);
  }

  private NavigableMap<byte[], Found> read(Space space) {
    ask(List.<byte[][]>of(CommandDice.words("SELECT", space.number())));
    List<byte[]> keys = random.chance(50) ? keys() : scan();
    NavigableMap<byte[], Found> content = new TreeMap<>(Arrays::compareUnsigned);
    for (int from = 0; from < keys.size(); from += BATCH) {
      List<byte[]> batch = keys.subList(from, Math.min(keys.size(), from + BATCH));
      List<Reply> values = ask(batch.stream().map(k -> CommandDice.words("GET", k)).toList());
      List<Reply> expiries =
          ask(batch.stream().map(k -> CommandDice.words("PEXPIRETIME", k)).toList());
      for (int i = 0; i < batch.size(); i++) {
        if (values.get(i) instanceof Reply.Bulk value
            && expiries.get(i) instanceof Reply.Int(long expiry)
            && expiry != NO_SUCH_KEY) {
          content.put(batch.get(i), new Found(Replies.bytes(value), Math.max(0, expiry)));
        } else if (!Drifter.owns(batch.get(i))) {
          // A drifter's key may have ended between the listing and the look at it; no other may.
          throw new Violation(
              "%s in %s is listed, but its value is %s and its expiry %s"
                  .formatted(
                      Replies.text(batch.get(i)),
                      space.name(),
                      Replies.text(values.get(i)),
                      Replies.text(expiries.get(i))));
        }
      }
    }
    checkAbsent(space, content);
    return content;
  }

  /** A key that no listing shows must not be readable either. */
  private void checkAbsent(Space space, NavigableMap<byte[], Found> content) {
    List<byte[]> absent = new ArrayList<>();
    for (Owner owner : run.ownersIn(space)) {
      for (byte[] key : owner.keys()) {
        if (!content.containsKey(key)) {
          absent.add(key);
        }
      }
    }
    List<Reply> replies = ask(absent.stream().map(k -> CommandDice.words("GET", k)).toList());
    for (int i = 0; i < absent.size(); i++) {
      if (!(replies.get(i) instanceof Reply.Null)) {
        throw new Violation(
            "%s in %s is not listed, but its value is %s"
                .formatted(
                    Replies.text(absent.get(i)), space.name(), Replies.text(replies.get(i))));
      }
    }
    Reply size = ask(List.<byte[][]>of(CommandDice.words("DBSIZE"))).getFirst();
    long ending =
        content.values().stream()
            .filter(found -> found.expiresAtMillis() != 0)
            .filter(found -> found.expiresAtMillis() <= run.latestMillis())
            .count();
    if (!(size instanceof Reply.Int(long count))
        || count > content.size()
        || count < content.size() - ending) {
      throw new Violation(
          "%s has %d keys, but DBSIZE is %s"
              .formatted(space.name(), content.size(), Replies.text(size)));
    }
  }

  private List<byte[]> keys() {
    return bulks(ask(List.<byte[][]>of(CommandDice.words("KEYS", "*"))).getFirst());
  }

  private List<byte[]> scan() {
    TreeMap<byte[], byte[]> keys = new TreeMap<>(Arrays::compareUnsigned);
    String cursor = "0";
    do {
      Reply reply =
          ask(List.<byte[][]>of(CommandDice.words("SCAN", cursor, "COUNT", 1 + random.below(100))))
              .getFirst();
      if (!(reply instanceof Reply.Array(List<Reply> parts))
          || parts.size() != 2
          || !(parts.getFirst() instanceof Reply.Bulk next)) {
        throw new Violation("SCAN answered " + Replies.text(reply));
      }
      for (byte[] key : bulks(parts.get(1))) {
        keys.put(key, key);
      }
      cursor = new String(Replies.bytes(next), StandardCharsets.ISO_8859_1);
    } while (!cursor.equals("0"));
    return List.copyOf(keys.keySet());
  }

  private static List<byte[]> bulks(Reply reply) {
    if (!(reply instanceof Reply.Array(List<Reply> elements))) {
      throw new Violation("a list was asked for, and answered was " + Replies.text(reply));
    }
    List<byte[]> bulks = new ArrayList<>();
    for (Reply element : elements) {
      if (element instanceof Reply.Bulk bulk) {
        bulks.add(Replies.bytes(bulk));
      }
    }
    return bulks;
  }

  private List<Reply> ask(List<byte[][]> requests) {
    replies.clear();
    lane.complete(() -> requests.forEach(session::submit));
    run.runUntil(() -> replies.size() == requests.size(), "the checker's replies");
    return List.copyOf(replies);
  }

  private void compare(Space space, NavigableMap<byte[], Found> content) {
    for (SharedCounter counter : run.counters()) {
      if (counter.space().equals(space)) {
        compareCounter(counter, content.remove(counter.key()));
      }
    }
    Survivals survivals = new Survivals(space);
    for (Owner owner : run.ownersIn(space)) {
      for (Belongings belongings : owner.belongings()) {
        if (belongings.space().equals(space)) {
          compare(belongings, takeOwned(owner, content), survivals);
        }
      }
    }
    content.keySet().removeIf(Drifter::owns);
    if (!content.isEmpty()) {
      throw new Violation(
          "nobody wrote %s, which is in %s"
              .formatted(Replies.text(content.firstKey()), space.name()));
    }
    survivals.check();
  }

  private void compareCounter(SharedCounter counter, @Nullable Found found) {
    long least = counter.raises().stream().filter(run.losses()::hadToSurvive).count();
    long number =
        found == null ? 0 : Long.parseLong(new String(found.value(), StandardCharsets.ISO_8859_1));
    counter.check(number, least);
  }

  private static NavigableMap<byte[], Found> takeOwned(
      Owner owner, NavigableMap<byte[], Found> content) {
    NavigableMap<byte[], Found> owned = new TreeMap<>(Arrays::compareUnsigned);
    content.forEach((key, found) -> {
      if (owner.owns(key)) {
        owned.put(key, found);
      }
    });
    owned.keySet().forEach(content::remove);
    return owned;
  }

  private void compare(
      Belongings belongings, NavigableMap<byte[], Found> owned, Survivals survivals) {
    belongings.live().values().clear();
    for (int partition = 0; partition < belongings.histories().size(); partition++) {
      int itsPartition = partition;
      NavigableMap<byte[], Found> found = new TreeMap<>(Arrays::compareUnsigned);
      owned.forEach((key, value) -> {
        if (belongings.space().partitionOf(key) == itsPartition) {
          found.put(key, value);
        }
      });
      PartitionHistory history = belongings.histories().get(partition);
      int floor = 0;
      for (int i = 0; i < history.steps().size(); i++) {
        floor = run.losses().hadToSurvive(history.steps().get(i)) ? i + 1 : floor;
      }
      Survivors survivors =
          history.explain(found, floor, run.losses().refusalsPossible(), run.wallMillis());
      survivals.add(partition, history.steps(), survivors);
      history.rebase(survivors);
      belongings.live().values().putAll(survivors.content());
    }
  }

  /** What survived of all clients' steps to one keyspace, by partition. */
  private static final class Survivals {
    private final Space space;
    private final long[] lastSurvivor;
    private final List<List<Step>> lost = new ArrayList<>();

    Survivals(Space space) {
      this.space = space;
      lastSurvivor = new long[space.partitions()];
      Arrays.fill(lastSurvivor, -1);
      for (int i = 0; i < space.partitions(); i++) {
        lost.add(new ArrayList<>());
      }
    }

    void add(int partition, List<Step> steps, Survivors survivors) {
      for (int i = 0; i < survivors.least(); i++) {
        if (steps.get(i).state() != Step.State.REFUSED) {
          lastSurvivor[partition] = Math.max(lastSurvivor[partition], steps.get(i).submittedAt());
        }
      }
      lost.get(partition).addAll(steps.subList(survivors.most(), steps.size()));
    }

    /** Nothing is lost that was acknowledged before something was submitted that is there. */
    void check() {
      for (int partition = 0; partition < lastSurvivor.length; partition++) {
        for (Step step : lost.get(partition)) {
          if (step.state() == Step.State.ACKNOWLEDGED
              && step.acknowledgedAt() < lastSurvivor[partition]) {
            throw new Violation(
                ("in %s/%d a write is lost that was acknowledged before another, which is there, was"
                        + " submitted: %s")
                    .formatted(space.name(), partition, step));
          }
        }
      }
    }
  }

  @Override
  public void reply(Reply reply) {
    run.trace().event("checked", "", Replies.text(reply).hashCode(), replies.size());
    replies.add(reply);
  }

  @Override
  public void unanswered() {
    run.violated("a request got no reply although nobody asked for that");
  }

  @Override
  public void protocol(int version) {
    run.violated("the protocol changed to " + version + " although nobody asked");
  }

  @Override
  public void close() {
    run.violated("the checker's connection was closed");
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
}
