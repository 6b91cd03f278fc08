package io.distkv.kvctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an import makes of a node's refusals. */
final class RefusalsTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private Path entries(int count) throws IOException {
    StringBuilder text = new StringBuilder("key,value\n");
    for (int i = 0; i < count; i++) {
      text.append("k").append(i % 10).append(",v").append(i).append('\n');
    }
    return Files.writeString(folder.resolve("entries.csv"), text);
  }

  @Test
  void aRefusedEntryIsABadLineWithTheNodesReason() throws IOException {
    Path input = entries(5);
    try (FakeNode node =
        new FakeNode(
            request -> request.get(1).equals("k3") ? "-ERR value is too ugly\r\n" : "+OK\r\n")) {
      Ran ran = Ran.kvctl("import", input.toString(), "-a", node.address());
      assertThat(ran.code()).isEqualTo(1);
      assertThat(ran.err()).contains("line 5: the node answered: ERR value is too ugly");
      assertThat(ran.out()).contains("imported 4 entries from 5 lines, 1 bad");
    }
  }

  @Test
  void whatPassesIsTriedAgainWithAllThatCameBehindIt() throws IOException {
    Path input = entries(1_000);
    Map<String, String> held = new ConcurrentHashMap<>();
    AtomicInteger requests = new AtomicInteger();
    try (FakeNode node =
        new FakeNode(request -> {
          int number = requests.incrementAndGet();
          if (number % 400 == 0) {
            return "-OVERLOADED try again later\r\n";
          }
          held.put(request.get(1), request.get(2));
          return "+OK\r\n";
        })) {
      Ran ran = Ran.kvctl("import", input.toString(), "-a", node.address(), "--window", "50");
      assertThat(ran.code()).as(ran.err()).isZero();
      assertThat(ran.err()).contains("OVERLOADED");
      assertThat(ran.out()).contains("imported 1,000 entries from 1,000 lines, 0 bad");
      for (int i = 0; i < 10; i++) {
        assertThat(held).containsEntry("k" + i, "v" + (990 + i));
      }
    }
  }

  @Test
  void whatNeverPassesEndsTheImportAtOnceAndCanBeTakenUpAgain() throws IOException {
    Path input = entries(100);
    try (FakeNode node = new FakeNode(_ -> "-NOAUTH Authentication required.\r\n")) {
      Ran ran = Ran.kvctl("import", input.toString(), "-a", node.address());
      assertThat(ran.code()).isEqualTo(4);
      assertThat(ran.err()).contains("NOAUTH").hasLineCount(1);
      assertThat(ran.out()).contains("imported 0 entries", "goes on behind line 1");
    }
  }

  @Test
  void aNodeThatDoesNotGetReadyIsGivenUp() throws IOException {
    Path input = entries(100);
    try (FakeNode node = new FakeNode(_ -> "-LOADING the data set\r\n")) {
      Ran ran = Ran.kvctl("import", input.toString(), "-a", node.address(), "--retry-for", "300ms");
      assertThat(ran.code()).isEqualTo(4);
      assertThat(ran.err()).contains("gave up after 0.30 s: LOADING");
    }
  }
}
