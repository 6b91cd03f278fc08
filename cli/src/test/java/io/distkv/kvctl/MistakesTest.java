package io.distkv.kvctl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each mistake gets its exit code and one sentence that names the thing and the fix. */
final class MistakesTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          putt a b                          | did you mean put
          get                               | Missing required parameter: 'KEY'
          get a --hexx                      | did you mean --hex
          get a --hex --base64              | mutually exclusive
          get a --output xml                | --output
          get a --port 70000                | ports go from 1 to 65535
          get a --address nohost:port       | no HOST:PORT
          get a --address b:1 --port 2      | not both
          get a --timeout 5                 | write a number and a unit
          get zz --key-format hex           | key 'zz' is not hex
          put a b --ttl 0s                  | out of range
          put a                             | give the value once
          put a b --stdin                   | give the value once
          put a b --if-absent --if-present  | mutually exclusive
          delete                            | give keys, or --pattern
          delete a --pattern b              | give keys, or --pattern
          delete a --yes                    | belong to --pattern
          incr a --by x                     | which is no number
          expire a                          | --in
          scan --limit -1                   | cannot be negative
          scan --values --count             | mutually exclusive
          import a.dat                      | --format jsonl or --format csv
          import a.jsonl --columns key      | are for CSV
          import a.csv --columns key,wert   | no column can be called 'wert'
          import a.csv --columns key        | do not hold one key, one value
          import a.csv --delimiter ab       | one ASCII character
          import a.jsonl --window 0         | it goes from 1 to 100000
          import a.jsonl --max-bad -1       | cannot be negative
          import - --checkpoint c           | cannot be read again
          export a.dat                      | --format jsonl or --format csv
          bench --rate 0                    | more than 0
          bench --connections 0             | it goes from 1 to
          bench --read-ratio 2              | it goes from 0 to 1
          bench --warm-up soon              | no length of time
          get a --timeout 100d              | goes from 1ms to 24d
          get a --timeout 100us             | goes from 1ms to 24d
          get a --address=                  | --address is empty
          import a.jsonl.gz                 | is compressed
          export a.jsonl.zst                | is compressed
          import a.csv --delimiter x        | no letter, digit or quote
          import - --checkpoint c           | cannot be read again
          help putt                         | there is no command 'putt'
          completion tcsh                   | tcsh
          """)
  void wrongUsageIsTwo(String line, String sentence) {
    Ran ran = Ran.kvctl(line.strip().split(" ", -1));
    assertThat(ran.err()).contains(sentence.strip()).hasLineCount(1).startsWith("kvctl");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void noCommandIsWrongUsage() {
    assertThat(Ran.kvctl().code()).isEqualTo(2);
  }

  @Test
  void aNodeThatIsNotThereIsThreeAndTheSentenceTellsHowToStartOne() throws IOException {
    int port = TestNode.freePort();
    Ran ran = Ran.kvctl("get", "a", "--port", Integer.toString(port));
    assertThat(ran.code()).isEqualTo(3);
    assertThat(ran.err())
        .contains("127.0.0.1:" + port, "./distkv start", "--address")
        .hasLineCount(1);
    Path input = Files.writeString(folder.resolve("a.jsonl"), "{\"key\":\"a\",\"value\":\"b\"}\n");
    assertThat(Ran.kvctl("import", input.toString(), "-p", Integer.toString(port)).code())
        .isEqualTo(3);
    assertThat(Ran.kvctl("bench", "-p", Integer.toString(port)).code()).isEqualTo(3);
  }

  @Test
  void aHostWithoutAddressIsThree() {
    Ran ran = Ran.kvctl("get", "a", "--host", "no-such-host.invalid");
    assertThat(ran.code()).isEqualTo(3);
    assertThat(ran.err()).contains("no host has the name 'no-such-host.invalid'").hasLineCount(1);
  }

  @Test
  void aNodeThatNeverAnswersIsThreeAfterTheTimeout() throws IOException {
    try (ServerSocket silent = new ServerSocket(0)) {
      Ran ran =
          Ran.kvctl(
              "get", "a", "--timeout", "200ms", "-p", Integer.toString(silent.getLocalPort()));
      assertThat(ran.code()).isEqualTo(3);
      assertThat(ran.err()).contains("no answer within 0.2 s", "--timeout").hasLineCount(1);
    }
  }

  @Test
  void aServerOfAnotherProtocolIsCalledThat() throws Exception {
    try (ServerSocket web = new ServerSocket(0)) {
      Thread server =
          Thread.ofVirtual()
              .start(() -> {
                try (Socket client = web.accept()) {
                  // What it says must come before the connection ends.
                  client.getInputStream().readNBytes(24);
                  client
                      .getOutputStream()
                      .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
                  client.shutdownOutput();
                  client.getInputStream().readAllBytes();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      Ran ran = Ran.kvctl("get", "a", "-p", Integer.toString(web.getLocalPort()));
      assertThat(ran.code()).isEqualTo(3);
      assertThat(ran.err()).contains("does not speak gRPC", "grpc=", "resp://").hasLineCount(1);
      server.join();
    }
  }

  @Test
  void filesThatAreNotThereAreSix() throws IOException {
    Path nowhere = folder.resolve("nowhere.jsonl");
    Ran put = Ran.kvctl("put", "a", "--file", nowhere.toString());
    assertThat(put.code()).isEqualTo(6);
    assertThat(put.err()).contains(nowhere.toString(), "no such file").hasLineCount(1);
    Ran imported = Ran.kvctl("import", nowhere.toString());
    assertThat(imported.code()).isEqualTo(6);
    assertThat(imported.err()).contains(nowhere.toString(), "no such file").hasLineCount(1);
    Ran directory = Ran.kvctl("import", folder.toString(), "--format", "csv");
    assertThat(directory.code()).isEqualTo(6);
    assertThat(directory.err()).contains("it is a folder").hasLineCount(1);
    Path there = Files.writeString(folder.resolve("there.jsonl"), "");
    Ran export = Ran.kvctl("export", there.toString());
    assertThat(export.code()).isEqualTo(6);
    assertThat(export.err()).contains("exists already", "--overwrite").hasLineCount(1);
  }

  @Test
  void everyCommandHasHelpWithExamples() {
    for (String command :
        new String[] {
          "get",
          "put",
          "delete",
          "scan",
          "incr",
          "ttl",
          "expire",
          "import",
          "export",
          "bench",
          "status",
          "completion",
          "watch",
          "keyspace",
          "shell"
        }) {
      Ran help = Ran.kvctl(command, "--help");
      assertThat(help.code()).isZero();
      assertThat(help.out()).contains("Usage: kvctl " + command, "Examples:", "--address");
      assertThat(help.out()).doesNotContain("\u001b[");
    }
    assertThat(Ran.kvctl("--help").out()).contains("Exit codes", "import", "bench");
    assertThat(Ran.kvctl("help").out()).isEqualTo(Ran.kvctl("--help").out());
    assertThat(Ran.kvctl("help", "get").out()).isEqualTo(Ran.kvctl("get", "--help").out());
    assertThat(Ran.kvctl("help", "keyspace", "create").out())
        .isEqualTo(Ran.kvctl("keyspace", "create", "--help").out())
        .isNotEmpty();
    Ran wrong = Ran.kvctl("help", "keyspace", "crate");
    assertThat(wrong.err())
        .contains("there is no command 'keyspace crate'; kvctl keyspace --help lists them");
    assertThat(Ran.Setting.PLAIN.onTerminals().run("--help").out()).contains("\u001b[");
    assertThat(Ran.Setting.PLAIN.onTerminals().run("--help", "--no-color").out())
        .doesNotContain("\u001b[");
    assertThat(Ran.kvctl("version").out()).matches("kvctl [0-9].*\\(Java 25.*\\)\n");
    assertThat(Ran.kvctl("version", "-o", "json").json().has("version")).isTrue();
    assertThat(Ran.kvctl("--version").out()).startsWith("kvctl ");
  }
}
