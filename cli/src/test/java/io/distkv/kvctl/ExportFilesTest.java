package io.distkv.kvctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an export writes, and where. */
@Timeout(60)
final class ExportFilesTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  /** A node with three keys; the replies to PTTL say what became of them since GET. */
  private static FakeNode threeKeys() throws IOException {
    return new FakeNode(request ->
        switch (request.getFirst()) {
          case "SCAN" -> "*2\r\n$1\r\n0\r\n*3\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n";
          case "STRLEN" -> ":1\r\n";
          case "GET" -> "$1\r\nv\r\n";
          default ->
              switch (request.get(1)) {
                case "a" -> ":-1\r\n";
                case "b" -> ":-2\r\n";
                default -> ":0\r\n";
              };
        });
  }

  @Test
  void aKeyThatExpiresWhileItIsReadDoesNotComeBackForEver() throws IOException {
    Path file = folder.resolve("out.csv");
    try (FakeNode node = threeKeys()) {
      Ran ran = Ran.kvctl("export", file.toString(), "-a", node.address());
      assertThat(ran.out())
          .startsWith("exported 2 entries to " + file + ", 1 keys went away meanwhile");
    }
    assertThat(file).hasContent("key,value,ttlMillis\na,v,\nc,v,1\n");
  }

  @Test
  void aPipeIsWrittenToAndNotReplaced() throws Exception {
    Path pipe = folder.resolve("pipe.csv");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    CompletableFuture<String> read =
        CompletableFuture.supplyAsync(() -> {
          try {
            return Files.readString(pipe);
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
    try (FakeNode node = threeKeys()) {
      Ran ran = Ran.kvctl("export", pipe.toString(), "--overwrite", "-a", node.address());
      assertThat(ran.code()).as(ran.err()).isZero();
    }
    assertThat(Files.isRegularFile(pipe)).isFalse();
    assertThat(read.join()).startsWith("key,value,ttlMillis\n");
  }

  @Test
  void aSymbolicLinkStaysOne() throws IOException {
    Path real = Files.writeString(folder.resolve("real"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link.csv"), real);
    try (FakeNode node = threeKeys()) {
      Ran ran = Ran.kvctl("export", link.toString(), "--overwrite", "-a", node.address());
      assertThat(ran.code()).as(ran.err()).isZero();
    }
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(Files.readString(real)).startsWith("key,value,ttlMillis\n");
  }

  @Test
  void aFolderIsNotReplaced() throws IOException {
    Path there = Files.createDirectory(folder.resolve("there.csv"));
    try (FakeNode node = threeKeys()) {
      Ran ran = Ran.kvctl("export", there.toString(), "--overwrite", "-a", node.address());
      assertThat(ran.code()).isEqualTo(6);
      assertThat(ran.err()).contains("it is a folder").hasLineCount(1);
    }
  }
}
