package io.distkv.kvctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalFilesTest {
  @Test
  void whatCouldNotBeOpenedIsNotAlwaysMissing(@TempDir Path folder) {
    Path file = folder.resolve("file");
    assertThat(sentence(file, "file (No such file or directory)"))
        .endsWith("there is no such file or folder");
    assertThat(sentence(file, "file (Permission denied)")).endsWith("permission denied");
    assertThat(sentence(folder, "folder (Is a directory)")).endsWith("it is a folder");
  }

  private static String sentence(Path file, String message) {
    return LocalFiles.failure("read", file, new FileNotFoundException(message)).sentence();
  }

  @Test
  void anInterruptIsNoTroubleWithTheFile() {
    Thread.currentThread().interrupt();
    Failure failure = LocalFiles.failure("read", Path.of("file"), new ClosedByInterruptException());
    assertThat(failure.code()).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(Thread.interrupted()).isFalse();
  }
}
