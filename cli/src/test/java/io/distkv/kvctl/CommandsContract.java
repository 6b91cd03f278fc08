package io.distkv.kvctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the small commands do, on any server that speaks RESP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CommandsContract {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @SuppressWarnings("NullAway.Init")
  private TestNode node;

  abstract TestNode start(Path folder) throws IOException;

  @BeforeAll
  void startNode(@TempDir Path data) throws IOException {
    node = start(data);
  }

  @AfterAll
  @SuppressWarnings("RedundantNullCheck") // null where the start was refused
  void stopNode() throws IOException {
    if (node != null) {
      node.close();
    }
  }

  @BeforeEach
  void empty() {
    assertThat(run("delete", "--pattern", "*", "--yes").code()).isZero();
  }

  private Ran run(String... arguments) {
    return run(Ran.Setting.PLAIN, arguments);
  }

  private Ran run(Ran.Setting setting, String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--address";
    all[arguments.length + 1] = node.address();
    return setting.run(all);
  }

  @Test
  void aValueComesBackAsItWasPut() {
    assertThat(run("put", "greeting", "grüß dich")).isEqualTo(new Ran(0, "", ""));
    Ran got = run("get", "greeting");
    assertThat(got.out()).isEqualTo("grüß dich");
    assertThat(run(Ran.Setting.PLAIN.onTerminals(), "get", "greeting").out())
        .isEqualTo("grüß dich\n");
    assertThat(run("get", "greeting", "--hex").out())
        .isEqualTo(HexFormat.of().formatHex("grüß dich".getBytes(StandardCharsets.UTF_8)) + "\n");
    assertThat(run("get", "greeting", "-o", "json").json().get("value").asString())
        .isEqualTo("grüß dich");
  }

  @Test
  void valuesOfAnyBytesAndOfSixteenMebibytesSurvive() throws IOException {
    byte[] value = new byte[16 << 20];
    new SplittableRandom(16).nextBytes(value);
    Path file = Files.write(folder.resolve("value"), value);
    assertThat(run("put", "large", "--file", file.toString()).code()).isZero();
    assertThat(run("get", "large").bytes()).isEqualTo(value);
    assertThat(run(Ran.Setting.PLAIN.piping(value), "put", "piped", "--stdin").code()).isZero();
    assertThat(run("get", "piped", "--base64").out().strip())
        .isEqualTo(Base64.getEncoder().encodeToString(value));
  }

  @Test
  void keysMayHoldEveryByteValue() {
    byte[] key = new byte[256];
    IntStream.range(0, 256).forEach(i -> key[i] = (byte) i);
    String hex = HexFormat.of().formatHex(key);
    assertThat(run("put", "--key-format", "hex", hex, "x").code()).isZero();
    String shown = run("scan").out().strip();
    assertThat(run("get", "--key-format", "escaped", shown).out()).isEqualTo("x");
    JsonNode listed = run("scan", "-o", "json").json();
    assertThat(Base64.getDecoder().decode(listed.get("keyBase64").asString())).isEqualTo(key);
    assertThat(run("delete", "--key-format", "hex", hex).out()).contains("deleted 1 of 1");
  }

  @Test
  void severalKeysAreLinesAndMissingOnesMakeTheExitCodeOne() {
    run("put", "a", "1");
    run("put", "b", "tab\there");
    Ran got = run("get", "a", "nowhere", "b");
    assertThat(got.code()).isEqualTo(1);
    assertThat(got.out()).isEqualTo("a\t1\nb\ttab\\there\n");
    assertThat(got.err()).contains("no key 'nowhere' in keyspace default");
    Ran json = run("get", "a", "b", "-o", "json");
    assertThat(json.out().lines()).hasSize(2);
  }

  @Test
  void conditionsOfPutHoldAndSaySo() {
    assertThat(run("put", "k", "1", "--if-present").code()).isEqualTo(1);
    assertThat(run("put", "k", "1", "--if-absent").code()).isZero();
    Ran again = run("put", "k", "2", "--if-absent");
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("there already");
    assertThat(run("put", "k", "2", "--if-present", "--get").out()).isEqualTo("1");
    Ran refused = run("put", "k", "3", "--if-absent", "--get", "-o", "json");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.json().get("written").asBoolean()).isFalse();
    assertThat(refused.json().get("previous").asString()).isEqualTo("2");
    assertThat(run("get", "k").out()).isEqualTo("2");
  }

  @Test
  void timesToLiveAreSetShownKeptAndRemoved() {
    run("put", "k", "1", "--ttl", "1h");
    assertThat(run("ttl", "k").out()).startsWith("k\t59m").endsWith("s\n");
    assertThat(run("ttl", "k", "-o", "json").json().get("ttlMillis").asLong())
        .isBetween(3_500_000L, 3_600_000L);
    run("put", "k", "2", "--keep-ttl");
    assertThat(run("ttl", "k").out()).startsWith("k\t59m");
    assertThat(run("expire", "k", "--in", "2d").code()).isZero();
    assertThat(run("ttl", "k").out()).startsWith("k\t1d 23h");
    assertThat(run("expire", "k", "--never").code()).isZero();
    assertThat(run("expire", "k", "--never").code()).isZero();
    assertThat(run("ttl", "k").out()).isEqualTo("k\tnever\n");
    assertThat(run("ttl", "nowhere").code()).isEqualTo(1);
    assertThat(run("expire", "nowhere", "--in", "1s").code()).isEqualTo(1);
    assertThat(run("expire", "nowhere", "--never").code()).isEqualTo(1);
  }

  @Test
  void incrAddsWholeAndDecimalNumbers() {
    assertThat(run("incr", "n").out()).isEqualTo("1\n");
    assertThat(run("incr", "n", "--by", "41").out()).isEqualTo("42\n");
    assertThat(run("incr", "n", "--by", "-2").out()).isEqualTo("40\n");
    assertThat(run("incr", "n", "--by=0.5").out()).isEqualTo("40.5\n");
    assertThat(run("incr", "m", "-o", "json").json().get("value").asInt()).isEqualTo(1);
    run("put", "word", "x");
    Ran wrong = run("incr", "word");
    assertThat(wrong.code()).isEqualTo(4);
    assertThat(wrong.err()).contains("incr 'word'").contains("not an integer").hasLineCount(1);
    assertThat(run("incr", "n", "--by", "two").code()).isEqualTo(2);
  }

  @Test
  void scanFindsByGlobPrefixAndLimit() {
    IntStream.range(0, 300).forEach(i -> run("put", "user/" + i, "v" + i));
    run("put", "us*r/1", "star");
    assertThat(run("scan").out().lines()).hasSize(301);
    assertThat(run("scan", "--match", "user/1?").out().lines()).hasSize(10);
    assertThat(run("scan", "--prefix", "us*").out()).isEqualTo("us*r/1\n");
    assertThat(run("scan", "--limit", "7").out().lines()).hasSize(7);
    assertThat(run("scan", "--limit", "0").out()).isEmpty();
    assertThat(run("scan", "--count").out()).isEqualTo("301\n");
    assertThat(run("scan", "--prefix", "user/299", "--values").out()).isEqualTo("user/299\tv299\n");
    List<String> lines = run("scan", "--values", "-o", "json").out().lines().toList();
    assertThat(lines).hasSize(301);
    lines.forEach(line -> assertThat(JsonMapper.shared().readTree(line).has("value")).isTrue());
    assertThat(run("scan", "--match", "a", "--prefix", "b").code()).isEqualTo(2);
  }

  @Test
  void deleteCountsAsksAndObeys() {
    List.of("a1", "a2", "b").forEach(key -> run("put", key, "x"));
    Ran some = run("delete", "b", "nowhere");
    assertThat(some.code()).isEqualTo(1);
    assertThat(some.out()).isEqualTo("deleted 1 of 2 keys\n");
    assertThat(run("delete", "--pattern", "a*", "--dry-run").out())
        .isEqualTo("2 keys would be deleted\n");
    Ran unasked = run("delete", "--pattern", "a*");
    assertThat(unasked.code()).isEqualTo(2);
    assertThat(unasked.err()).contains("--yes");
    Ran no = run(Ran.Setting.PLAIN.onTerminals().typing("n\n"), "delete", "--pattern", "a*");
    assertThat(no.code()).isEqualTo(1);
    assertThat(no.err()).contains("Delete 2 keys like 'a*'").contains("nothing was deleted");
    Ran yes = run(Ran.Setting.PLAIN.onTerminals().typing("y\n"), "delete", "--pattern", "a*");
    assertThat(yes.code()).isZero();
    assertThat(yes.out()).isEqualTo("deleted 2 of 2 keys\n");
    assertThat(run("scan", "--count").out()).isEqualTo("0\n");
  }

  @Test
  void keyspacesAreApart() {
    run("put", "k", "default");
    assertThat(run("put", "k", "two", "--keyspace", "2").code()).isZero();
    assertThat(run("get", "k").out()).isEqualTo("default");
    assertThat(run("get", "k", "-k", "2").out()).isEqualTo("two");
    assertThat(run("get", "k", "-k", "0").out()).isEqualTo("default");
    Ran unknown = run("get", "k", "--keyspace", "nosuch");
    assertThat(unknown.code()).isEqualTo(4);
    assertThat(unknown.err())
        .contains("no keyspace 'nosuch' at " + node.address())
        .contains("lists those it has")
        .hasLineCount(1);
    run("delete", "k", "-k", "2");
  }

  @Test
  void statusTellsWhatTheNodeReports() {
    run("put", "k", "v");
    Ran status = run("status");
    assertThat(status.code()).isZero();
    assertThat(status.out()).contains("address", node.address(), "version", "uptime", "memory");
    JsonNode json = run("status", "-o", "json").json();
    assertThat(json.get("address").asString()).isEqualTo(node.address());
    assertThat(json.toString()).contains("uptime_in_seconds", "used_memory");
  }

  @Test
  void theAddressMayComeFromTheEnvironment() {
    Ran.Setting setting = Ran.Setting.PLAIN.with("DISTKV_ADDRESS", node.address());
    assertThat(setting.run("put", "k", "v").code()).isZero();
    assertThat(setting.run("get", "k", "--port", Integer.toString(node.port())).out())
        .isEqualTo("v");
    assertThat(setting.run("-a", node.address(), "get", "k").out()).isEqualTo("v");
  }
}
