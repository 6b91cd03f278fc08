package io.distkv.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionedCommandsTest {
  private final Handlers handlers = new Handlers();
  private long nowMillis = 1_700_000_000_000L;

  /** Runs a command at a time of its own, and gives its reply in one line of text. */
  private String call(String line) {
    nowMillis += 1_000;
    handlers.store.setNow(nowMillis);
    return text(handlers.run(Handlers.words(line.split(" ", -1))));
  }

  private static String text(Reply reply) {
    return switch (reply) {
      case Reply.Failure failure -> failure.line();
      case Reply.Bulk bulk ->
          Bytes.text(bulk.array()).substring(bulk.offset()).substring(0, bulk.length());
      case Reply.Null _ -> "nil";
      case Reply.Decimal number -> String.valueOf(number.value());
      case Reply.Int number -> String.valueOf(number.value());
      case Reply.Array array ->
          array.elements().stream().map(VersionedCommandsTest::text).toList().toString();
      case Reply.Simple simple -> simple.text();
      default -> throw new AssertionError(reply);
    };
  }

  private String version() {
    return Long.toString(Version.ofMillis(nowMillis));
  }

  @Test
  void putTellsItsVersionAndGetTellsItToo() {
    String put = call("KV.PUT k v");
    String version = version();
    assertThat(put).isEqualTo("[" + version + ", nil]");
    assertThat(call("KV.GET k")).isEqualTo("[v, " + version + ", -1]");
    assertThat(call("KV.GET other")).isEqualTo("nil");
    assertThat(call("KV.MGET k other")).isEqualTo("[[v, " + version + ", -1], nil]");
  }

  @Test
  void conditionsHoldOrNothingHappens() {
    assertThat(call("KV.PUT k 1 IFPRESENT"))
        .isEqualTo("VERSIONMISMATCH the key was to be there, but it is absent");
    call("KV.PUT k 1 IFABSENT");
    String first = version();
    assertThat(call("KV.PUT k 2 IFABSENT"))
        .isEqualTo("VERSIONMISMATCH the key was to be absent, but it has version " + first);
    assertThat(call("KV.PUT k 2 IFVERSION " + first)).startsWith("[" + version());
    String second = version();
    assertThat(call("KV.PUT k 3 IFVERSION " + first))
        .isEqualTo(
            "VERSIONMISMATCH the key was to have version %s, but it has version %s"
                .formatted(first, second));
    assertThat(call("KV.DELETE k IFVERSION " + first)).startsWith("VERSIONMISMATCH");
    assertThat(call("KV.GET k")).isEqualTo("[2, " + second + ", -1]");
    assertThat(call("KV.DELETE k IFVERSION " + second)).isEqualTo("[" + version() + ", nil]");
    assertThat(call("KV.GET k")).isEqualTo("nil");
    assertThat(call("KV.DELETE k")).isEqualTo("[nil, nil]");
    assertThat(call("KV.DELETE k IFVERSION " + second))
        .isEqualTo(
            "VERSIONMISMATCH the key was to have version %s, but it is absent".formatted(second));
  }

  @Test
  void previousIsWhatTheKeyHad() {
    assertThat(call("KV.PUT k 1 TTL 60000 PREVIOUS")).endsWith(", nil]");
    String first = version();
    assertThat(call("KV.PUT k 2 PREVIOUS"))
        .isEqualTo("[%s, [1, %s, 59000]]".formatted(version(), first));
    String second = version();
    assertThat(call("KV.DELETE k PREVIOUS"))
        .isEqualTo("[%s, [2, %s, -1]]".formatted(version(), second));
  }

  @Test
  void lifeIsAsItWasSaid() {
    call("KV.PUT k v TTL 5000");
    assertThat(call("KV.GET k")).endsWith(", 4000]");
    call("KV.PUT k w KEEPTTL");
    assertThat(call("KV.GET k")).endsWith(", 2000]");
    call("KV.PUT k w EXPIREAT " + (nowMillis + 11_000));
    assertThat(call("KV.GET k")).endsWith(", 9000]");
    call("KV.PUT k w EXPIREAT " + (nowMillis - 1));
    assertThat(call("KV.GET k")).isEqualTo("nil");
    call("KV.PUT k v TTL 1000");
    call("GET x");
    assertThat(call("KV.GET k")).isEqualTo("nil");
  }

  @Test
  void incrementCountsFromWhereItShould() {
    assertThat(call("KV.INCR n 5")).isEqualTo("[5, " + version() + "]");
    assertThat(call("KV.INCR n -7")).isEqualTo("[-2, " + version() + "]");
    assertThat(call("KV.INCR m 1 INITIAL 100 TTL 60000")).isEqualTo("[101, " + version() + "]");
    assertThat(call("KV.INCR m 1 INITIAL 100 TTL 90000")).isEqualTo("[102, " + version() + "]");
    assertThat(call("KV.GET m")).endsWith(", 58000]");
    call("SET t text");
    assertThat(call("KV.INCR t 1")).isEqualTo("ERR value is not an integer or out of range");
    assertThat(call("KV.INCR max 1 INITIAL 9223372036854775807"))
        .isEqualTo("ERR increment or decrement would overflow");
  }

  @Test
  void aBatchDoesAllOrNothing() {
    call("KV.PUT a 1");
    String version = version();
    assertThat(
            call(
                "KV.BATCH GET a  - - PUT b 2 ABSENT 5000 INCR a 4 - - DELETE a  PRESENT - GET a  - -"
                    + " GET b  PRESENT -"))
        .isEqualTo(
            "[[1, %1$s, -1], [%2$s, nil], [5, %2$s], [%2$s, nil], nil, [2, %2$s, 5000]]"
                .formatted(version, version()));
    assertThat(call("KV.MGET a b")).startsWith("[nil, [2, ");
    assertThat(call("KV.BATCH PUT c 3 - - PUT b 4 ABSENT -"))
        .startsWith(
            "VERSIONMISMATCH operation 2 of the batch: the key was to be absent, but it has version");
    assertThat(call("KV.BATCH PUT c 3 - - INCR c x - -")).startsWith("ERR ");
    call("SET t text");
    assertThat(call("KV.BATCH PUT c 3 - - INCR t 1 - -"))
        .isEqualTo("ERR operation 2 of the batch: value is not an integer or out of range");
    assertThat(call("GET c")).isEqualTo("nil");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "KV.GET k ASOF",
        "KV.GET k ASOF 0",
        "KV.GET k ASOF -1",
        "KV.GET k ASOF 9223372036854775807",
        "KV.GET k BEFORE 1",
        "KV.PUT k v IFABSENT IFPRESENT",
        "KV.PUT k v IFVERSION",
        "KV.PUT k v IFVERSION x",
        "KV.PUT k v TTL 0",
        "KV.PUT k v TTL 5 KEEPTTL",
        "KV.PUT k v TTL 9223372036854775807",
        "KV.DELETE k IFABSENT",
        "KV.DELETE k TTL 5",
        "KV.DELETE k KEEPTTL",
        "KV.INCR k 1 INITIAL",
        "KV.INCR k 1 TTL -3",
        "KV.BATCH GET k  -",
        "KV.BATCH GET k v - -",
        "KV.BATCH GET k  - 5",
        "KV.BATCH DELETE k  - KEEP",
        "KV.BATCH INCR k 1 ABSENT -",
        "KV.BATCH FROG k v - -",
        "KV.BATCH PUT  v - -",
        "KV.SCAN FROM",
        "KV.SCAN LIMIT 0",
        "KV.SCAN LIMIT 10001",
        "KV.SCAN BYTES 0",
        "KV.SCAN FROG 1",
        "KV.SCAN ASOF 0",
      })
  void whatIsWrongIsRefusedAndChangesNothing(String line) {
    assertThat(call(line)).startsWith("ERR ");
    assertThat(call("DBSIZE")).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"FROM", "TO", "PREFIX"})
  void aBoundMayBeRightBehindTheLongestKey(String bound) {
    String key = "k".repeat(65_535);
    assertThat(call("KV.SCAN " + bound + " " + key + "k")).isEqualTo("[[], nil]");
    assertThat(call("KV.SCAN " + bound + " " + key + "kk")).startsWith("TOOLARGE a bound");
  }

  /** Against a sorted map, for every way in which a range can be asked for. */
  @Test
  void pagesAreTheRangeInOrder() {
    for (int partitions : new int[] {1, 4}) {
      Handlers over = new Handlers(new TreeStore(partitions));
      Map<String, String> model = new TreeMap<>();
      for (int i = 0; i < 200; i++) {
        String key = Integer.toString(i * 7919 % 1_000, 6);
        model.put(key, "v" + i);
        over.call("SET", key, "v" + i);
      }
      over.call("PSETEX", "0", "1", "gone");
      model.remove("0");
      over.store.setNow(over.store.nowMillis() + 5_000);
      for (String range :
          List.of("", "FROM 2", "TO 31", "FROM 11 TO 4", "PREFIX 3", "PREFIX 1 FROM 12 TO 143")) {
        for (String limit : List.of("", "LIMIT 1", "LIMIT 7", "BYTES 1", "BYTES 64")) {
          List<String> expected = expected(model, range);
          assertThat(pages(over, range + " " + limit)).as(range + limit).isEqualTo(expected);
          assertThat(pages(over, range + " REVERSE " + limit))
              .as(range + " reverse " + limit)
              .isEqualTo(expected.reversed());
        }
      }
    }
  }

  private static List<String> expected(Map<String, String> model, String range) {
    String[] words = range.split(" ", -1);
    List<String> expected = new ArrayList<>();
    model.forEach((key, value) -> {
      boolean in = true;
      for (int i = 0; i + 1 < words.length; i += 2) {
        in &=
            switch (words[i]) {
              case "FROM" -> key.compareTo(words[i + 1]) >= 0;
              case "TO" -> key.compareTo(words[i + 1]) < 0;
              default -> key.startsWith(words[i + 1]);
            };
      }
      if (in) {
        expected.add(key + "=" + value);
      }
    });
    return expected;
  }

  private static List<String> pages(Handlers over, String options) {
    List<String> found = new ArrayList<>();
    boolean reverse = options.contains("REVERSE");
    String more = "";
    while (true) {
      String line = ("KV.SCAN " + options + more).strip().replaceAll(" +", " ");
      Reply.Array page = (Reply.Array) over.run(Handlers.words(line.split(" ", -1)));
      for (Reply entry : ((Reply.Array) page.elements().getFirst()).elements()) {
        List<Reply> parts = ((Reply.Array) entry).elements();
        found.add(text(parts.get(0)) + "=" + text(parts.get(1)));
      }
      if (page.elements().getLast() instanceof Reply.Null) {
        return found;
      }
      more = (reverse ? " TO " : " FROM ") + text(page.elements().getLast());
    }
  }

  @Test
  void aPrefixOfLargestBytesHasNoEnd() {
    assertThat(endOf("a\u00FF")).containsExactly('b');
    assertThat(endOf("\u00FF\u00FF")).isNull();
    assertThat(endOf("")).isNull();
  }

  /** The first key behind those that begin so. */
  private static byte @Nullable [] endOf(String prefix) {
    byte[][] words = Handlers.words("KV.SCAN", "PREFIX", prefix).toArray(byte[][]::new);
    return ScanOptions.parse(new Arguments(words)).scan().to();
  }

  @Test
  void keysOnlyLeavesValuesOut() {
    call("KV.PUT k v TTL 9000");
    assertThat(call("KV.SCAN KEYSONLY"))
        .isEqualTo("[[[k, nil, %s, 8000]], nil]".formatted(Version.ofMillis(nowMillis - 1_000)));
  }
}
