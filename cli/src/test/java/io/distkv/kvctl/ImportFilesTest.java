package io.distkv.kvctl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an import does with the files of this machine. */
@Timeout(60)
final class ImportFilesTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private final Map<String, String> held = new ConcurrentHashMap<>();

  private FakeNode keeping() throws IOException {
    return new FakeNode(request -> {
      if (request.getFirst().equals("SET")) {
        held.put(request.get(1), request.get(2));
      }
      return "+OK\r\n";
    });
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void theInputIsNotOverwrittenByWhatTheImportWrites() throws IOException {
    String text = "key,value\na,1\nb\nc,3\n";
    Path input = write("input.csv", text);
    Path link = Files.createSymbolicLink(folder.resolve("link.csv"), input);
    try (FakeNode node = keeping()) {
      for (String option : List.of("--bad-file", "--checkpoint")) {
        for (Path same : List.of(input, link, folder.resolve("./input.csv"))) {
          Ran ran =
              Ran.kvctl("import", input.toString(), option, same.toString(), "-a", node.address());
          assertThat(ran.code()).isEqualTo(2);
          assertThat(ran.err()).contains(option + " is the input itself").hasLineCount(1);
        }
      }
      String both = folder.resolve("both").toString();
      Ran ran =
          Ran.kvctl(
              "import",
              input.toString(),
              "--bad-file",
              both,
              "--checkpoint",
              both,
              "-a",
              node.address());
      assertThat(ran.code()).isEqualTo(2);
    }
    assertThat(input).hasContent(text);
    assertThat(held).isEmpty();
  }

  @Test
  void linesHaveTheSameNumbersInARunThatGoesOn() throws IOException {
    Path input = write("numbers.csv", "key,value\na,1\nbad\nb,2\nworse\nc,3\n");
    try (FakeNode node = keeping()) {
      String[] command = {"import", input.toString(), "-a", node.address(), "--max-bad", "1"};
      Ran stopped = Ran.kvctl(command);
      assertThat(stopped.err()).contains("line 3: ", "line 5: ");
      assertThat(stopped.out()).contains("goes on behind line 4");
      command[5] = "2";
      Ran resumed = Ran.kvctl(command);
      assertThat(resumed.err()).contains("going on behind line 4 of", "line 5: ");
      assertThat(resumed.out()).contains("imported 3 entries from 5 lines, 2 bad");
    }
  }

  @Test
  void aNameEndingInTsvInCapitalsMeansTabsToo() throws IOException {
    Path input = write("A.TSV", "key\tvalue\na\t1,2\n");
    try (FakeNode node = keeping()) {
      assertThat(Ran.kvctl("import", input.toString(), "-a", node.address()).code()).isZero();
    }
    assertThat(held).containsExactly(Map.entry("a", "1,2"));
  }

  @Test
  void aPipeIsReadWithoutACheckpoint() throws Exception {
    Path pipe = folder.resolve("pipe.jsonl");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Thread writer =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Files.writeString(pipe, "{\"key\":\"a\",\"value\":\"1\"}\n");
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    try (FakeNode node = keeping()) {
      Ran ran = Ran.kvctl("import", pipe.toString(), "-a", node.address());
      assertThat(ran.code()).as(ran.err()).isZero();
    }
    writer.join();
    assertThat(held).containsExactly(Map.entry("a", "1"));
    assertThat(folder.resolve("pipe.jsonl.checkpoint")).doesNotExist();
  }

  /**
   * The signal comes while the import reads its file, which is most of the time with long lines.
   */
  @Test
  void anInterruptWhileReadingTheInputSavesThePlaceToo() throws IOException {
    String line = "{\"key\":\"a\",\"value\":\"" + "x".repeat(300_000) + "\"}\n";
    Path input = write("long.jsonl", line.repeat(10));
    Thread command = Thread.currentThread();
    AtomicInteger connections = new AtomicInteger();
    try (FakeNode node =
        new FakeNode(request -> {
          // The second connection is made when the input is open.
          if (request.getFirst().equals("SELECT") && connections.incrementAndGet() == 2) {
            command.interrupt();
          }
          return "+OK\r\n";
        })) {
      Ran ran = Ran.kvctl("import", input.toString(), "-a", node.address(), "-k", "1");
      assertThat(ran.err()).isEqualTo("kvctl import: interrupted\n");
      assertThat(ran.code()).isEqualTo(5);
      assertThat(ran.out()).contains("not finished: the same command goes on");
      assertThat(Thread.interrupted()).isFalse();
    }
    assertThat(folder.resolve("long.jsonl.checkpoint")).exists();
  }

  @Test
  void aSignalEndsAWaitForStandardInput() throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    try (FakeNode node =
        new FakeNode(request -> {
          if (request.getFirst().equals("SELECT")) {
            connected.countDown();
          }
          return "+OK\r\n";
        })) {
      // Its standard input is a pipe that this test holds open and writes no more than this to.
      Process process = KvctlProcess.start(folder, "import", "-", "-a", node.address(), "-k", "1");
      process.getOutputStream().write("{\"key\":\"a\",\"value\":\"1\"}\n".getBytes(UTF_8));
      process.getOutputStream().flush();
      assertThat(connected.await(60, TimeUnit.SECONDS)).isTrue();
      // The signal alone: Process.destroy() would close the pipe as well, which is an end of input.
      assertThat(process.toHandle().destroy()).isTrue();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      // A command that does not end by itself is ended with another status, and says nothing.
      assertThat(process.exitValue()).isEqualTo(5);
      assertThat(KvctlProcess.output(folder)).contains("interrupted");
    }
  }

  @Test
  void numbersAreWrittenAlikeInEveryCountry() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 1_234; i++) {
      lines.append("{\"key\":\"k").append(i).append("\",\"value\":\"v\"}\n");
    }
    Path input = write("many.jsonl", lines.toString());
    try (FakeNode node = keeping()) {
      Process process =
          KvctlProcess.start(
              folder,
              Map.of("JDK_JAVA_OPTIONS", "-Duser.language=ar -Duser.country=EG"),
              "import",
              input.toString(),
              "-a",
              node.address());
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(KvctlProcess.output(folder))
          .contains("imported 1,234 entries from 1,234 lines, 0 bad");
    }
  }

  @Test
  void aKeyThatBeginsWithAtIsNoFileOfArguments() throws IOException {
    Path file = write("arguments", "one two three");
    String key = "@" + file;
    try (FakeNode node = keeping()) {
      Ran ran = Ran.kvctl("put", key, "v", "-a", node.address());
      assertThat(ran.code()).as(ran.err()).isZero();
    }
    assertThat(held).containsOnlyKeys(key);
  }
}
