package io.distkv.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs random commands against the real redis-server and against the handlers, and compares the
 * replies byte for byte. Only what depends on the clock or on chance is compared more loosely.
 */
class RedisDifferentialTest {
  private static final int COMMANDS = Integer.getInteger("distkv.test.commands", 30_000);
  private static final int COMMANDS_BETWEEN_FULL_COMPARISONS = 500;
  private static final long CLOCK_TOLERANCE_MILLIS = 5_000;

  @TempDir Path folder;

  private final Handlers handlers = new Handlers();

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void repliesAreThoseOfRedis(int protocol) throws Exception {
    long seed = System.nanoTime();
    RandomCommands commands = RandomCommands.ofRedis(seed);
    try (RedisServer redis = RedisServer.start(folder)) {
      redis.call(Handlers.words("HELLO", Integer.toString(protocol)));
      for (int i = 0; i < COMMANDS; i++) {
        List<byte[]> command = commands.next();
        if (!hasEmptyKey(command)) {
          compare(redis, command, protocol, "seed " + seed + " command " + i);
        }
        if (i % COMMANDS_BETWEEN_FULL_COMPARISONS == 0) {
          compareContents(redis, protocol, "seed " + seed + " after command " + i);
        }
      }
    }
  }

  private void compareContents(RedisServer redis, int protocol, String where) {
    compare(redis, Handlers.words("KEYS", "*"), protocol, where);
    for (Object key : (List<?>) RespValue.parse(ours(Handlers.words("KEYS", "*"), 2))) {
      compare(redis, Handlers.words("GET", (String) key), protocol, where);
      compare(redis, Handlers.words("PEXPIRETIME", (String) key), protocol, where);
    }
  }

  private void compare(RedisServer redis, List<byte[]> command, int protocol, String where) {
    handlers.store.setNow(System.currentTimeMillis());
    String ours = ours(command, protocol);
    String theirs = redis.call(command);
    if (ours.equals(theirs)) {
      if (isScan(command) && !ours.startsWith("-")) {
        assertThat(scanAll(redis, command, false)).isEqualTo(scanAll(redis, command, true));
      }
      return;
    }
    String name = text(command.getFirst()).toLowerCase(Locale.ROOT);
    boolean same =
        switch (name) {
          case "ttl", "pttl", "expiretime", "pexpiretime" -> near(name, ours, theirs);
          case "keys" -> sorted(ours).equals(sorted(theirs));
          case "object" -> ours.startsWith(":") && theirs.startsWith(":");
          case "randomkey" -> ours.startsWith("$") && theirs.startsWith("$");
          case "scan" ->
              ours.startsWith("*")
                  && scanAll(redis, command, false).equals(scanAll(redis, command, true));
          default -> false;
        };
    assertThat(same ? theirs : ours)
        .as("%s: %s", where, command.stream().map(this::text).toList())
        .isEqualTo(theirs);
  }

  private static boolean near(String name, String ours, String theirs) {
    if (!ours.startsWith(":") || !theirs.startsWith(":")) {
      return false;
    }
    long difference = Math.abs((long) RespValue.parse(ours) - (long) RespValue.parse(theirs));
    boolean inMillis = name.startsWith("p");
    return difference <= (inMillis ? CLOCK_TOLERANCE_MILLIS : CLOCK_TOLERANCE_MILLIS / 1_000);
  }

  private static List<String> sorted(String reply) {
    return RespValue.parse(reply) instanceof List<?> list
        ? list.stream().map(Object::toString).sorted().toList()
        : List.of(reply);
  }

  private boolean isScan(List<byte[]> command) {
    return text(command.getFirst()).equalsIgnoreCase("scan");
  }

  /** Follows the cursor to its end. */
  private Set<String> scanAll(RedisServer redis, List<byte[]> command, boolean real) {
    Set<String> found = new TreeSet<>();
    List<byte[]> call = new ArrayList<>(command);
    String cursor = "0";
    do {
      call.set(1, cursor.getBytes(StandardCharsets.ISO_8859_1));
      List<?> reply = (List<?>) RespValue.parse(real ? redis.call(call) : ours(call, 2));
      cursor = (String) reply.getFirst();
      ((List<?>) reply.getLast()).forEach(key -> found.add((String) key));
    } while (!cursor.equals("0"));
    return found;
  }

  private String ours(List<byte[]> command, int protocol) {
    return handlers.call(command, protocol);
  }

  /** Redis has empty keys, DistKV has not. */
  private boolean hasEmptyKey(List<byte[]> command) {
    return handlers.table.prepare(command.toArray(byte[][]::new))
            instanceof Prepared.Refused refused
        && refused.error().line().equals("ERR a key has at least one byte");
  }

  private String text(byte[] word) {
    return new String(word, StandardCharsets.ISO_8859_1);
  }
}
