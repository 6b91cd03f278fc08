package io.distkv.kvctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Values that a node will not take, the largest of which it refuses before it has read them. */
@Timeout(120)
final class TooLargeTest {
  private static final int REFUSED_BYTES = (16 << 20) + 1;
  private static final int CUT_OFF_BYTES = 20 << 20;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Test
  void theNodesReasonIsToldThoughItClosedTheConnection(@TempDir Path data) throws IOException {
    Path refused = Files.write(folder.resolve("refused"), new byte[REFUSED_BYTES]);
    Path cutOff = Files.write(folder.resolve("cut-off"), new byte[CUT_OFF_BYTES]);
    try (TestNode node = DistkvNode.startForResp(data)) {
      Ran put = Ran.kvctl("put", "a", "--file", refused.toString(), "-a", node.address());
      assertThat(put.code()).isEqualTo(4);
      assertThat(put.err()).contains("TOOLARGE").hasLineCount(1);
      Ran broken = Ran.kvctl("put", "a", "--file", cutOff.toString(), "-a", node.address());
      assertThat(broken.err()).contains("invalid bulk length").hasLineCount(1);
      assertThat(broken.code()).isEqualTo(4);
    }
  }

  @Test
  void anImportGoesOnBehindALineThatIsTooLarge(@TempDir Path data) throws IOException {
    Path input =
        Files.writeString(
            folder.resolve("input.jsonl"),
            "{\"key\":\"a\",\"value\":\"1\"}\n{\"key\":\"b\",\"value\":\""
                + "x".repeat(CUT_OFF_BYTES)
                + "\"}\n{\"key\":\"c\",\"value\":\"3\"}\n");
    try (TestNode node = DistkvNode.startForResp(data)) {
      Ran ran = Ran.kvctl("import", input.toString(), "-a", node.address(), "--retry-for", "10s");
      assertThat(ran.out()).contains("imported 2 entries from 3 lines, 1 bad");
      assertThat(ran.err()).contains("line 2: the node answered: ERR Protocol error");
      assertThat(ran.code()).isEqualTo(1);
      assertThat(Ran.kvctl("get", "c", "-a", node.address()).out()).isEqualTo("3");
    }
  }

  @Test
  void overGrpcTheReasonIsToldToo(@TempDir Path data) throws IOException {
    Path cutOff = Files.write(folder.resolve("cut-off"), new byte[CUT_OFF_BYTES]);
    Path input =
        Files.writeString(
            folder.resolve("input.jsonl"),
            "{\"key\":\"a\",\"value\":\""
                + "x".repeat(REFUSED_BYTES)
                + "\"}\n{\"key\":\"c\",\"value\":\"3\"}\n");
    try (TestNode node = DistkvNode.start(data)) {
      Ran put = Ran.kvctl("put", "a", "--file", cutOff.toString(), "-a", node.address());
      assertThat(put.code()).isEqualTo(4);
      assertThat(put.err())
          .contains("put 'a': TOO_LARGE: a value has at most 16777216 bytes")
          .hasLineCount(1);
      Ran ran = Ran.kvctl("import", input.toString(), "-a", node.address());
      assertThat(ran.out()).contains("imported 1 entries from 2 lines, 1 bad");
      assertThat(ran.err()).contains("line 1: TOO_LARGE");
      assertThat(ran.code()).isEqualTo(1);
      assertThat(Ran.kvctl("get", "c", "-a", node.address()).out()).isEqualTo("3");
    }
  }

  @Test
  void aFileThatNoValueCanHoldIsRefused() throws IOException {
    Path file = folder.resolve("image");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(3L << 30);
    }
    Ran ran = Ran.kvctl("put", "a", "--file", file.toString());
    assertThat(ran.code()).isEqualTo(6);
    assertThat(ran.err()).contains("image holds more than").hasLineCount(1);
  }
}
