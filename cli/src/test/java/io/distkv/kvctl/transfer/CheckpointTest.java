package io.distkv.kvctl.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Test
  void isReadBackAndReplacedAsAWhole() throws IOException {
    Path path = folder.resolve("x.checkpoint");
    assertThat(Checkpoint.read(path)).isNull();
    Fingerprint input = new Fingerprint(1, 2, "ab");
    for (long line = 1; line < 4; line++) {
      Checkpoint checkpoint =
          new Checkpoint(input, "job", new Tally(10 * line, line, 1, 2, 3, 4), 5);
      checkpoint.write(path);
      assertThat(Checkpoint.read(path)).isEqualTo(checkpoint);
    }
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(path);
    }
  }

  @Test
  void whatIsNoCheckpointIsNone() throws IOException {
    for (String text :
        new String[] {"", "{", "[]", "null", "{}", "{\"version\":2}", "{\"version\":1}"}) {
      Path path = Files.writeString(folder.resolve("y.checkpoint"), text);
      assertThat(Checkpoint.read(path)).as(text).isNull();
    }
  }

  @Test
  void fingerprintsTellAnEditedFile() throws IOException {
    Path path = Files.writeString(folder.resolve("input"), "one two");
    Fingerprint before = Fingerprint.of(path);
    assertThat(Fingerprint.of(path)).isEqualTo(before);
    Files.writeString(path, "one TWO");
    Files.setLastModifiedTime(path, FileTime.fromMillis(before.modifiedMillis()));
    assertThat(Fingerprint.of(path)).isNotEqualTo(before);
  }
}
