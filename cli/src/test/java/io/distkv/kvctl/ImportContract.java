package io.distkv.kvctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What import and export do on any server that speaks RESP and keeps acknowledged writes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ImportContract {
  /** What a slowing proxy lets through at full speed: some 1,000 replies. */
  private static final int SLOW_AFTER_BYTES = 8_000;

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
    return runAt(node.address(), arguments);
  }

  private static Ran runAt(String address, String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--address";
    all[arguments.length + 1] = address;
    return Ran.kvctl(all);
  }

  /** A file of JSONL in which keys repeat, and what must be there in the end: the last of each. */
  private record Sample(Path file, Map<String, String> expected) {}

  private Sample sample(String name, int lines, int valueLength) throws IOException {
    Map<String, String> expected = new TreeMap<>();
    StringBuilder text = new StringBuilder();
    SplittableRandom random = new SplittableRandom(lines);
    for (int i = 0; i < lines; i++) {
      String key = "key" + random.nextInt(lines / 2);
      String value = i + "-" + "ü".repeat(random.nextInt(valueLength));
      expected.put(key, value);
      text.append("{\"key\":\"%s\",\"value\":\"%s\"}\n".formatted(key, value));
    }
    return new Sample(Files.writeString(folder.resolve(name), text), expected);
  }

  private Map<String, String> content() throws IOException {
    Path file = folder.resolve("content.jsonl");
    assertThat(run("export", file.toString(), "--overwrite").code()).isZero();
    Map<String, String> content = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      JsonNode entry = JsonMapper.shared().readTree(line);
      content.put(entry.get("key").asString(), entry.get("value").asString());
    }
    return content;
  }

  @Test
  void aFileIsImportedExactly() throws IOException {
    Sample sample = sample("all.jsonl", 20_000, 50);
    Ran ran = run("import", sample.file().toString());
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out()).startsWith("imported 20,000 entries from 20,000 lines, 0 bad (");
    assertThat(content()).isEqualTo(sample.expected());
    assertThat(folder.resolve("all.jsonl.checkpoint")).doesNotExist();
  }

  @Test
  void aTerminalGetsABarAndQuietGetsNothing() throws IOException {
    Sample sample = sample("bar.jsonl", 5_000, 50);
    String[] arguments = {"import", sample.file().toString(), "-a", node.address()};
    Ran bar = Ran.Setting.PLAIN.onTerminals().run(arguments);
    assertThat(bar.err()).contains("\r", "kvctl import", "100%", "lines/s");
    assertThat(run("import", sample.file().toString()).err()).isEmpty();
    assertThat(run("import", sample.file().toString(), "--quiet").err()).isEmpty();
  }

  @Test
  void standardInputAndOutputServeAsFiles() {
    byte[] text = "{\"key\":\"a\",\"value\":\"1\"}\n".getBytes(StandardCharsets.UTF_8);
    Ran ran = Ran.Setting.PLAIN.piping(text).run("import", "-", "-a", node.address());
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(run("export", "-").bytes()).isEqualTo(text);
    assertThat(run("export", "-", "--format", "csv").out())
        .isEqualTo("key,value,ttlMillis\na,1,\n");
  }

  @Test
  void binaryDataGoesOutAndComesBackInEveryFormat() throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      byte[] key = new byte[random.nextInt(1, 40)];
      byte[] value = new byte[random.nextInt(300)];
      random.nextBytes(key);
      random.nextBytes(value);
      Base64.Encoder base64 = Base64.getEncoder();
      lines.add(
          "{\"keyBase64\":\"%s\",\"valueBase64\":\"%s\"}"
              .formatted(base64.encodeToString(key), base64.encodeToString(value)));
    }
    lines.add("{\"key\":\"text\",\"value\":\"line\\nline, \\\"ü\\\"\"}");
    Path input = Files.write(folder.resolve("binary.jsonl"), lines);
    assertThat(run("import", input.toString()).code()).isZero();
    Path first = folder.resolve("first.jsonl");
    assertThat(run("export", first.toString()).code()).isZero();
    for (List<String> form :
        List.of(
            List.of("x.jsonl"),
            List.of("y.jsonl", "--base64"),
            List.of("x.csv"),
            List.of("y.csv", "--base64"),
            List.of("x.tsv", "--unsorted"),
            List.of("z.csv", "--delimiter", ";", "--no-header"),
            List.of("w.csv", "--delimiter", "=", "--base64"))) {
      String file = folder.resolve(form.getFirst()).toString();
      List<String> export = new ArrayList<>(List.of("export", file));
      export.addAll(form.subList(1, form.size()));
      assertThat(run(export.toArray(new String[0])).code()).as("%s", form).isZero();
      empty();
      List<String> back = new ArrayList<>(List.of("import", file));
      back.addAll(form.subList(1, form.size()));
      back.removeAll(List.of("--base64", "--unsorted"));
      Ran imported = run(back.toArray(new String[0]));
      assertThat(imported.code()).as("%s: %s", form, imported.err()).isZero();
      Path again = folder.resolve("again.jsonl");
      assertThat(run("export", again.toString(), "--overwrite").code()).isZero();
      assertThat(Files.mismatch(first, again)).as("%s", form).isEqualTo(-1);
    }
  }

  @Test
  void timesToLiveTravelUnlessLeftOut() throws IOException {
    run("put", "short", "1", "--ttl", "1h");
    run("put", "long", "2");
    Path file = folder.resolve("ttl.jsonl");
    run("export", file.toString());
    assertThat(Files.readString(file))
        .containsPattern("\"short\",\"value\":\"1\",\"ttlMillis\":3[56]");
    empty();
    run("import", file.toString());
    assertThat(run("ttl", "short").out()).startsWith("short\t59m");
    assertThat(run("ttl", "long").out()).isEqualTo("long\tnever\n");
    run("export", file.toString(), "--overwrite", "--no-ttl");
    assertThat(Files.readString(file)).doesNotContain("ttlMillis");
  }

  @Test
  void exportsChooseByPrefixAndAreSorted() throws IOException {
    List.of("b/2", "a/1", "b/10", "c").forEach(key -> run("put", key, key));
    Path file = folder.resolve("chosen.csv");
    assertThat(run("export", file.toString(), "--prefix", "b/").out())
        .startsWith("exported 2 entries to " + file);
    assertThat(Files.readString(file)).isEqualTo("key,value,ttlMillis\nb/10,b/10,\nb/2,b/2,\n");
    JsonNode json = run("export", file.toString(), "--overwrite", "-o", "json").json();
    assertThat(json.get("exported").asInt()).isEqualTo(4);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void badLinesAreNumberedCountedAndKept() throws IOException {
    Path input = folder.resolve("bad.jsonl");
    List<String> bad = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (int i = 1; i <= 500; i++) {
      String line = i % 50 == 0 ? "{\"key\":\"k" + i : "{\"key\":\"k" + i + "\",\"value\":\"v\"}";
      lines.add(i % 125 == 0 ? "" : line);
      if (i % 50 == 0 && i % 125 != 0) {
        bad.add(line);
      }
    }
    Files.write(input, lines);
    Path badFile = folder.resolve("refused.jsonl");
    Ran ran = run("import", input.toString(), "--bad-file", badFile.toString(), "-o", "json");
    assertThat(ran.code()).isEqualTo(1);
    JsonNode summary = ran.json();
    assertThat(summary.get("lines").asInt()).isEqualTo(500);
    assertThat(summary.get("bad").asInt()).isEqualTo(8);
    assertThat(summary.get("blank").asInt()).isEqualTo(4);
    assertThat(summary.get("imported").asInt()).isEqualTo(488);
    assertThat(summary.get("complete").asBoolean()).isTrue();
    assertThat(Files.readAllLines(badFile)).isEqualTo(bad);
    assertThat(ran.err().lines()).hasSize(8).first().asString().contains("line 50: not JSON");
    assertThat(run("scan", "--count").out()).isEqualTo("488\n");
  }

  @Test
  void tooManyBadLinesStopAndTheNextRunGoesOnThere() throws IOException {
    Path input = folder.resolve("worse.jsonl");
    List<String> lines = new ArrayList<>();
    for (int i = 1; i <= 300; i++) {
      lines.add(i % 100 == 0 ? "bad" : "{\"key\":\"k" + i + "\",\"value\":\"v\"}");
    }
    Files.write(input, lines);
    Path badFile = folder.resolve("worse.bad");
    Ran stopped =
        run("import", input.toString(), "--max-bad", "1", "--bad-file", badFile.toString());
    assertThat(stopped.code()).isEqualTo(1);
    assertThat(stopped.err()).contains("line 200: not JSON", "--max-bad allows 1");
    assertThat(stopped.out()).contains("from 199 lines, 1 bad", "goes on behind line 199");
    Ran resumed = run("import", input.toString(), "--bad-file", badFile.toString());
    assertThat(resumed.code()).isEqualTo(1);
    assertThat(resumed.err()).contains("going on behind line 199");
    assertThat(resumed.out()).contains("imported 297 entries from 300 lines, 3 bad");
    assertThat(Files.readAllLines(badFile)).containsExactly("bad", "bad", "bad");
    assertThat(run("scan", "--count").out()).isEqualTo("297\n");
  }

  @Test
  void ifAbsentLeavesKeysAlone() throws IOException {
    run("put", "k1", "mine");
    Path input =
        Files.writeString(
            folder.resolve("absent.csv"), "key,value\nk1,theirs\nk2,theirs\nk2,again\n");
    Ran ran = run("import", input.toString(), "--if-absent");
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("imported 1 entries from 3 lines, 0 bad, 2 present already");
    assertThat(run("get", "k1").out()).isEqualTo("mine");
    assertThat(run("get", "k2").out()).isEqualTo("theirs");
  }

  @Test
  void brokenConnectionsAreMadeAgainAndNothingIsLostOrReordered() throws IOException {
    Sample sample = sample("broken.jsonl", 30_000, 20);
    // The first is kvctl's own, which has nothing to say once the import begins with the second.
    try (FaultyProxy proxy = new FaultyProxy(node.port(), 12_345, 12_345, 3, 40_001, 5_000)) {
      Ran ran =
          runAt(
              node.scheme() + proxy.address(),
              "import",
              sample.file().toString(),
              "--window",
              "200");
      assertThat(ran.code()).as(ran.err()).isZero();
      // Each of the four that are cut is followed by another.
      assertThat(proxy.connections()).isGreaterThanOrEqualTo(6);
      assertThat(ran.err()).contains("trying again for up to", "connected again");
      assertThat(ran.out()).startsWith("imported 30,000 entries from 30,000 lines, 0 bad");
    }
    assertThat(content()).isEqualTo(sample.expected());
  }

  /** The first connection is kvctl's own; the import's is cut in its greeting. */
  @Test
  void anImportWhoseConnectionIsCutBeforeItBeganIsDone() throws IOException {
    Sample sample = sample("greeting.jsonl", 100, 5);
    try (FaultyProxy proxy = new FaultyProxy(node.port(), Integer.MAX_VALUE, 3)) {
      Ran ran = runAt(node.scheme() + proxy.address(), "import", sample.file().toString());
      assertThat(ran.code()).as(ran.err()).isZero();
      assertThat(proxy.connections()).isGreaterThanOrEqualTo(3);
      assertThat(ran.out()).startsWith("imported 100 entries");
    }
    assertThat(content()).isEqualTo(sample.expected());
  }

  /** An import through a proxy that slows it down, so that there is a middle to break it in. */
  private String[] importing(Sample sample, FaultyProxy proxy, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "import",
                sample.file().toString(),
                "-a",
                node.scheme() + proxy.address(),
                "--window",
                "16"));
    arguments.addAll(List.of(more));
    return arguments.toArray(new String[0]);
  }

  @Test
  void anImportWaitsForANodeThatIsKilledAndStartedAgain() throws Exception {
    Sample sample = sample("restart.jsonl", 6_000, 40);
    Path checkpoint = folder.resolve("restart.jsonl.checkpoint");
    try (FaultyProxy proxy = FaultyProxy.slowing(node.port(), SLOW_AFTER_BYTES)) {
      Process process = KvctlProcess.start(folder, importing(sample, proxy));
      await(() -> Files.exists(checkpoint) || !process.isAlive());
      node.crashAndRestart();
      proxy.hurry();
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(KvctlProcess.output(folder)).isZero();
      assertThat(KvctlProcess.output(folder)).contains("connected again; going on behind line");
    }
    assertThat(content()).isEqualTo(sample.expected());
  }

  @Test
  void anImportThatIsKilledGoesOnWhereItWasAndEndsExactlyRight() throws Exception {
    Sample sample = sample("killed.jsonl", 6_000, 40);
    Files.writeString(
        sample.file(), "this is no entry\n" + Files.readString(sample.file()) + "nor is this\n");
    Path badFile = folder.resolve("killed.bad");
    String[] bad = {"--bad-file", badFile.toString()};
    Path checkpoint = folder.resolve("killed.jsonl.checkpoint");
    try (FaultyProxy proxy = FaultyProxy.slowing(node.port(), SLOW_AFTER_BYTES)) {
      Process process = KvctlProcess.start(folder, importing(sample, proxy, bad));
      await(() -> Files.exists(checkpoint) || !process.isAlive());
      process.destroyForcibly().waitFor();
      assertThat(checkpoint).as(KvctlProcess.output(folder)).exists();
      proxy.hurry();
      Ran resumed = Ran.kvctl(importing(sample, proxy, bad));
      assertThat(resumed.code()).as(resumed.err()).isEqualTo(1);
      assertThat(resumed.err()).contains("going on behind line");
      assertThat(resumed.out()).contains("imported 6,000 entries from 6,002 lines, 2 bad");
    }
    assertThat(Files.readAllLines(badFile)).containsExactly("this is no entry", "nor is this");
    assertThat(content()).isEqualTo(sample.expected());
    assertThat(checkpoint).doesNotExist();
  }

  @Test
  void anInterruptedImportSavesItsPlaceAndSaysSoWithFive() throws Exception {
    Sample sample = sample("interrupted.jsonl", 6_000, 40);
    Path checkpoint = folder.resolve("interrupted.jsonl.checkpoint");
    try (FaultyProxy proxy = FaultyProxy.slowing(node.port(), SLOW_AFTER_BYTES)) {
      Process process = KvctlProcess.start(folder, importing(sample, proxy));
      await(() -> Files.exists(checkpoint) || !process.isAlive());
      process.destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(KvctlProcess.output(folder)).isEqualTo(5);
      assertThat(KvctlProcess.output(folder)).contains("not finished: the same command goes on");
      proxy.hurry();
      Ran resumed = Ran.kvctl(importing(sample, proxy));
      assertThat(resumed.code()).as(resumed.err()).isZero();
      assertThat(resumed.err()).contains("going on behind line");
      assertThat(resumed.out()).contains("imported 6,000 entries from 6,000 lines");
    }
    assertThat(content()).isEqualTo(sample.expected());
  }

  @Test
  void aCheckpointOfAnotherStateOfTheInputIsNotUsed() throws IOException {
    Path input = folder.resolve("edited.jsonl");
    Files.writeString(
        input, "{\"key\":\"a\",\"value\":\"1\"}\nbad\n{\"key\":\"b\",\"value\":\"1\"}\n");
    assertThat(run("import", input.toString(), "--max-bad", "0").code()).isEqualTo(1);
    assertThat(folder.resolve("edited.jsonl.checkpoint")).exists();
    Files.writeString(input, "{\"key\":\"c\",\"value\":\"1\"}\n{\"key\":\"d\",\"value\":\"1\"}\n");
    Ran ran = run("import", input.toString());
    assertThat(ran.code()).isZero();
    assertThat(ran.err()).contains("another state of the input", "from the beginning");
    assertThat(ran.out()).contains("imported 2 entries from 2 lines");
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Condition condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.holds()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
