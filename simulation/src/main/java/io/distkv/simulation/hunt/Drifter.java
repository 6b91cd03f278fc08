package io.distkv.simulation.hunt;

import io.distkv.base.Lane;
import io.distkv.node.Node;
import io.distkv.node.command.Reply;
import io.distkv.node.session.Output;
import io.distkv.node.session.Session;
import io.distkv.node.session.SessionContext;
import io.distkv.simulation.world.SimulatedRandomness;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client whose commands depend on when they are applied: expiries that count from now. No model
 * predicts what they leave; but what a node rebuilds from its log must be what the one that died
 * held, to the millisecond ({@link Remains}).
 */
final class Drifter implements Output {
  private static final String PREFIX = "{drift.";
  private static final int GROUPS = 4;
  private static final int KEYS = 5;
  private static final long THREE_DAYS_MILLIS = 3 * 86_400_000L;

  private final NodeRun run;
  private final SimulatedRandomness random;
  private final Lane lane;
  private final List<Space> spaces;
  private int left;
  private int inFlight;
  private boolean pumpQueued;
  private @Nullable Session session;

  /**
   * @param requests how many to make
   */
  Drifter(NodeRun run, SimulatedRandomness random, Lane lane, int requests) {
    this.run = run;
    this.random = random;
    this.lane = lane;
    this.spaces = run.options().spaces().stream().filter(space -> !space.exclusive()).toList();
    this.left = requests;
  }

  /** Whether a key is such a client's. */
  static boolean owns(byte[] key) {
    byte[] prefix = Replies.bytes(PREFIX);
    return key.length > prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  void start(Node node) {
    lane.complete(() -> {
      session = node.open(new SessionContext(lane.index(), "drifter", "node", this));
      pump();
    });
  }

  boolean finished() {
    return left <= 0 && inFlight == 0;
  }

  @Override
  public void reply(Reply reply) {
    inFlight--;
    run.trace().event("reply", "drifter", Replies.text(reply).hashCode(), inFlight);
    run.trace().detail(() -> Replies.text(reply));
    if (!pumpQueued) {
      pumpQueued = true;
      lane.schedule(
          random.below(1_000_000),
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
    while (left > 0 && inFlight < 3) {
      left--;
      byte[][] words =
          random.chance(10)
              ? CommandDice.words("SELECT", spaces.get(random.below(spaces.size())).number())
              : command();
      inFlight++;
      run.trace().detail(() -> Replies.text(words));
      open.submit(words);
    }
  }

  private byte[][] command() {
    int group = random.below(GROUPS);
    String key = key(group);
    long millis = random.magnitude(1_000, THREE_DAYS_MILLIS);
    return switch (random.below(12)) {
      case 0 -> CommandDice.words("SET", key, "v" + random.below(1000), "EX", 1 + millis / 1000);
      case 1 -> CommandDice.words("SET", key, "v" + random.below(1000), "PX", millis);
      case 2 -> CommandDice.words("PSETEX", key, millis, "v" + random.below(1000));
      case 3 -> CommandDice.words("EXPIRE", key, 1 + millis / 1000, random.pick("NX", "XX"));
      case 4 -> CommandDice.words("PEXPIRE", key, millis, random.pick("GT", "LT"));
      case 5 -> CommandDice.words("GETEX", key, "PX", millis);
      case 6 -> CommandDice.words("GETEX", key, "PERSIST");
      case 7 -> CommandDice.words("SET", key, random.below(1000), "KEEPTTL");
      case 8 -> CommandDice.words("INCRBYFLOAT", key, "0.1");
      case 9 -> CommandDice.words("COPY", key, key(group), "REPLACE");
      case 10 -> CommandDice.words("RENAME", key, key(group));
      default -> CommandDice.words("PEXPIRE", key, millis);
    };
  }

  private String key(int group) {
    return PREFIX + group + "}" + random.below(KEYS);
  }

  @Override
  public void unanswered() {
    run.violated("a request got no reply although nobody asked for that");
  }

  @Override
  public void protocol(int version) {
    run.violated("the drifter's protocol changed to " + version);
  }

  @Override
  public void close() {
    run.violated("the drifter's connection was closed");
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
