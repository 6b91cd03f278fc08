package io.distkv.kvctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was there before: {@code --as-of}. */
final class PastTest extends LiveNode {
  @BeforeAll
  void createKeyspace() {
    assertThat(run("keyspace", "create", "past", "--history", "1h").code()).isZero();
  }

  private String put(String key, String value) {
    return run("put", key, value, "-k", "past", "-o", "json").json().get("version").asString();
  }

  @Test
  void getAndScanShowWhatWasThereAsOfAVersion(@TempDir Path folder) throws IOException {
    String first = put("a/1", "old");
    put("a/1", "new");
    put("a/2", "later");
    assertThat(run("get", "a/1", "-k", "past").out()).isEqualTo("new");
    assertThat(run("get", "a/1", "-k", "past", "--as-of", first).out()).isEqualTo("old");
    Ran missing = run("get", "a/2", "-k", "past", "--as-of", first);
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.err()).contains("no key 'a/2' in keyspace past as of " + first);
    assertThat(run("scan", "--prefix", "a/", "--values", "-k", "past", "--as-of", first).out())
        .isEqualTo("a/1\told\n");
    assertThat(run("scan", "--prefix", "a/", "--count", "-k", "past").out()).isEqualTo("2\n");
    Path file = folder.resolve("then.jsonl");
    assertThat(
            run("export", file.toString(), "--prefix", "a/", "-k", "past", "--as-of", first).code())
        .isZero();
    assertThat(Files.readString(file)).isEqualTo("{\"key\":\"a/1\",\"value\":\"old\"}\n");
  }

  @Test
  void aLengthOfTimeAgoIsBeforeTheKeyWasThere() {
    put("b", "now");
    assertThat(run("get", "b", "-k", "past", "--as-of", "1m").code()).isIn(1, 4);
    assertThat(run("scan", "--match", "b*", "-k", "past").out()).isEqualTo("b\n");
  }

  @Test
  void whatIsNotKeptAnyMoreIsFour() {
    Ran ran = run("get", "k", "--as-of", "2001-01-01T00:00:00Z");
    assertThat(ran.code()).as(ran.err()).isIn(1, 4);
    Ran ahead = run("get", "k", "-k", "past", "--as-of", Long.toString(Long.MAX_VALUE));
    assertThat(ahead.code()).isEqualTo(4);
    assertThat(ahead.err()).contains("get 'k'").hasLineCount(1);
  }

  @Test
  void wrongMomentsAreTwo() {
    for (String command : new String[] {"get k", "scan", "export -"}) {
      String[] arguments = (command + " --as-of soon").split(" ", -1);
      Ran ran = run(arguments);
      assertThat(ran.code()).as(ran.err()).isEqualTo(2);
      assertThat(ran.err()).contains("--as-of is 'soon'", "such as 1m");
    }
    Ran resp = Ran.kvctl("export", "-", "--format", "csv", "--as-of", "1m", "-a", "resp://h:1");
    assertThat(resp.code()).isEqualTo(2);
    assertThat(resp.err()).contains("--as-of needs a node's gRPC address");
  }
}
