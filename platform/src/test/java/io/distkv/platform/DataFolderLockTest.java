package io.distkv.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderLockTest {
  @TempDir private Path parent;

  @Test
  void aFolderHasOneHolderAtATime() throws IOException {
    Path folder = parent.resolve("a/b");
    try (DataFolderLock first = DataFolderLock.acquire(folder)) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> DataFolderLock.acquire(folder))
          .isInstanceOf(DataFolderInUseException.class)
          .hasMessage(
              "data folder %s is in use by process %d", folder, ProcessHandle.current().pid());
    }
    DataFolderLock.acquire(folder).close();
  }

  @Test
  void aFolderHeldByAnotherProcessIsRefused() throws Exception {
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                parent.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("held");
      assertThatThrownBy(() -> DataFolderLock.acquire(parent))
          .isInstanceOf(DataFolderInUseException.class)
          .hasMessageEndingWith("in use by process " + holder.pid());
    } finally {
      holder.destroyForcibly();
    }
    assertThat(holder.waitFor(30, TimeUnit.SECONDS)).isTrue();
    DataFolderLock.acquire(parent).close();
  }

  @Test
  void anEmptyLockFileOfAHolderThatFoundTheDiskFullNamesNobody() throws IOException {
    try (DataFolderLock held = DataFolderLock.acquire(parent)) {
      assertThat(held).isNotNull();
      Files.write(parent.resolve(DataFolderLock.FILE_NAME), new byte[0]);
      assertThatThrownBy(() -> DataFolderLock.acquire(parent))
          .hasMessageEndingWith("in use by another process");
    }
  }

  /** The other process: claims the folder and waits to be killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws IOException {
      try (DataFolderLock held = DataFolderLock.acquire(Path.of(arguments[0]))) {
        System.out.println("held");
        System.out.flush();
        if (System.in.read() >= 0 || held == null) {
          throw new IllegalStateException("unexpected input");
        }
      }
    }
  }
}
