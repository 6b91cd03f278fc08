package io.distkv.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares what is not data with the real redis-server: COMMAND's shapes, handshakes, errors. */
class RedisShapesTest {
  /** Ours alone: later than Redis 7.0. */
  private static final Set<String> NEWER = Set.of("client|setinfo", "client|no-touch");

  /** Theirs alone at the top of an argument or command: a history that is not ours to tell. */
  private static final Set<String> NOT_TOLD = Set.of("since", "history", "deprecated_since");

  private static final List<String> CALLS =
      List.of(
          "PING",
          "PING hello",
          "PING a b",
          "ECHO x",
          "ECHO",
          "SELECT 1",
          "SELECT 99",
          "SELECT -1",
          "SELECT 99999999999",
          "SELECT 0",
          "AUTH",
          "AUTH x",
          "AUTH a b",
          "AUTH a b c",
          "AUTH default any",
          "HELLO x",
          "HELLO 4",
          "HELLO 3 foo",
          "HELLO 2 AUTH a b",
          "HELLO 2 AUTH a",
          "HELLO 2 SETNAME",
          "CLIENT",
          "CLIENT nope",
          "CLIENT ID x",
          "CLIENT GETNAME",
          "CLIENT SETNAME me",
          "CLIENT GETNAME",
          "CLIENT SETNAME caf\u00E9",
          "CLIENT KILL 1.1.1.1:1",
          "CLIENT KILL ID 0",
          "CLIENT KILL ID x",
          "CLIENT KILL TYPE x",
          "CLIENT KILL TYPE pubsub",
          "CLIENT KILL SKIPME x",
          "CLIENT KILL FOO x",
          "CLIENT KILL ID 999",
          "CLIENT KILL ID",
          "CLIENT KILL ID 1 ADDR",
          "CLIENT LIST TYPE x",
          "CLIENT LIST ID x",
          "CLIENT LIST ID 99999",
          "CLIENT LIST FOO",
          "CLIENT LIST TYPE pubsub",
          "CLIENT NO-EVICT x",
          "CLIENT NO-EVICT on",
          "CLIENT REPLY x",
          "CLIENT REPLY on",
          "CONFIG",
          "CONFIG GET",
          "CONFIG GET nope",
          "CONFIG SET a",
          "CONFIG SET a b",
          "CONFIG SET a b c",
          "CONFIG SET maxmemory 0 maxmemory 0",
          "CONFIG RESETSTAT",
          "CONFIG RESETSTAT x",
          "CONFIG nope",
          "SLOWLOG",
          "SLOWLOG nope",
          "SLOWLOG GET x",
          "SLOWLOG GET -2",
          "SLOWLOG GET 1 2",
          "SLOWLOG LEN x",
          "SLOWLOG RESET",
          "SLOWLOG RESET x",
          "TIME x",
          "INFO nope",
          "EXEC",
          "DISCARD",
          "MULTI x",
          "UNWATCH",
          "WATCH",
          "COMMAND COUNT x",
          "COMMAND nope",
          "COMMAND LIST FOO",
          "COMMAND LIST FILTERBY FOO x",
          "COMMAND LIST FILTERBY MODULE x",
          "COMMAND LIST FILTERBY ACLCAT nope",
          "COMMAND INFO nope",
          "COMMAND INFO get|get",
          "COMMAND DOCS nope",
          "COMMAND GETKEYS",
          "COMMAND GETKEYS PING x",
          "COMMAND GETKEYS NOPE x",
          "COMMAND GETKEYS GET a b",
          "COMMAND GETKEYS MSET a 1 b 2",
          "COMMAND GETKEYS LCS a b LEN",
          "COMMAND GETKEYS BITOP and d a b",
          "COMMAND GETKEYS OBJECT encoding k",
          "COMMAND GETKEYSANDFLAGS SET a b",
          "COMMAND GETKEYSANDFLAGS SET a b XX get",
          "COMMAND GETKEYSANDFLAGS RENAME a b",
          "COMMAND GETKEYSANDFLAGS BITOP not d a",
          "COMMAND HELP",
          "OBJECT HELP",
          "OBJECT encoding",
          "FLUSHALL x",
          "FLUSHDB async sync",
          "NOPE",
          "NOPE a b",
          "foo 'x' \r\ny",
          "DBSIZE x",
          "RESET x",
          "RESET");

  @TempDir Path folder;

  private final Handlers handlers = new Handlers();

  @Test
  void handshakesAndErrorsAreThoseOfRedis() throws Exception {
    try (RedisServer redis = RedisServer.start(folder)) {
      for (int protocol : new int[] {2, 3}) {
        redis.call(Handlers.words("HELLO", Integer.toString(protocol)));
        handlers.call("HELLO", Integer.toString(protocol));
        for (String call : CALLS) {
          List<byte[]> words = Handlers.words(call.split(" "));
          // RESET is the last of them, and goes back to the second version.
          int printed = call.equals("RESET") ? 2 : protocol;
          assertThat(handlers.call(words, printed)).as(call).isEqualTo(redis.call(words));
        }
        handlers.session.name = "";
      }
    }
  }

  private List<CommandSpec> allSpecs() {
    return handlers.table.commands().stream()
        .filter(spec -> spec.group() != Group.VERSIONED)
        .flatMap(spec -> Stream.concat(Stream.of(spec), spec.subcommands().stream()))
        .toList();
  }

  private static boolean isOurs(CommandSpec spec) {
    return NEWER.contains(spec.name()) || spec.name().startsWith("keyspace|");
  }

  @Test
  void commandInfoIsThatOfRedis() throws Exception {
    try (RedisServer redis = RedisServer.start(folder)) {
      for (int protocol : new int[] {2, 3}) {
        redis.call(Handlers.words("HELLO", Integer.toString(protocol)));
        for (CommandSpec spec : allSpecs()) {
          if (spec.subcommands().isEmpty() && !isOurs(spec)) {
            List<byte[]> words = Handlers.words("COMMAND", "INFO", spec.name());
            assertThat(handlers.call(words, protocol)).as(spec.name()).isEqualTo(redis.call(words));
          }
        }
      }
    }
  }

  @Test
  void argumentsOfCommandDocsAreThoseOfRedis() throws Exception {
    try (RedisServer redis = RedisServer.start(folder)) {
      for (CommandSpec spec : allSpecs()) {
        boolean comparable =
            spec.subcommands().isEmpty()
                && !isOurs(spec)
                && !Set.of("select", "client|kill", "command|getkeys", "command|getkeysandflags")
                    .contains(spec.name());
        if (comparable) {
          List<byte[]> words = Handlers.words("COMMAND", "DOCS", spec.name());
          assertThat(told(RespValue.parse(handlers.call(words, 2)), spec.name()))
              .as(spec.name())
              .isEqualTo(told(RespValue.parse(redis.call(words)), spec.name()));
        }
      }
    }
  }

  /** The documentation without what is told differently: texts at the top, history below. */
  private static List<Object> told(Object reply, String name) {
    List<?> top = (List<?>) reply;
    assertThat(top.getFirst()).isEqualTo(name);
    List<Object> kept = new ArrayList<>();
    List<?> fields = (List<?>) top.getLast();
    for (int i = 0; i < fields.size(); i += 2) {
      String field = (String) fields.get(i);
      kept.add(field);
      if (field.equals("arguments")) {
        kept.add(withoutHistory(fields.get(i + 1)));
      }
    }
    kept.removeAll(List.of("history"));
    return kept;
  }

  private static Object withoutHistory(Object value) {
    if (!(value instanceof List<?> list)) {
      return value;
    }
    List<Object> kept = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i) instanceof String text && NOT_TOLD.contains(text)) {
        i++;
      } else {
        kept.add(withoutHistory(list.get(i)));
      }
    }
    return kept;
  }

  @Test
  void globsMatchWhatTheyMatchInRedis() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (RedisServer redis = RedisServer.start(folder)) {
      for (int i = 0; i < 400; i++) {
        List<byte[]> set = Handlers.words("SET", randomText(random, "ab-]^\u00FF\u0080", 4), "x");
        assertThat(handlers.call(set, 2)).isEqualTo(redis.call(set));
      }
      for (int i = 0; i < 5_000; i++) {
        String pattern = randomText(random, "ab-]^\u00FF\u0080[*?\\[*", 8);
        List<byte[]> keys = Handlers.words("KEYS", pattern);
        Set<Object> ours = new TreeSet<>((List<?>) RespValue.parse(handlers.call(keys, 2)));
        Set<Object> theirs = new TreeSet<>((List<?>) RespValue.parse(redis.call(keys)));
        assertThat(ours).as("seed %d pattern %s", seed, pattern).isEqualTo(theirs);
      }
    }
  }

  private static String randomText(Random random, String letters, int maxLength) {
    byte[] text = new byte[1 + random.nextInt(maxLength)];
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) letters.charAt(random.nextInt(letters.length()));
    }
    return new String(text, StandardCharsets.ISO_8859_1);
  }
}
