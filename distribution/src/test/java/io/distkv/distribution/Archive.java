package io.distkv.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The archive of this build, unpacked into a folder of its own: what a user has. */
final class Archive {
  private final Path home;

  private Archive(Path home) {
    this.home = home;
  }

  static Archive unpack(Path folder) throws IOException, InterruptedException {
    String file = System.getProperty("distkv.archive", "");
    assertThat(Path.of(file)).as("the archive that ./mvnw package makes").isRegularFile();
    Outside.run(folder, "tar", "-xzf", file).well();
    try (Stream<Path> unpacked = Files.list(folder)) {
      List<Path> homes =
          unpacked.filter(path -> path.getFileName().toString().startsWith("distkv-")).toList();
      assertThat(homes).hasSize(1);
      return new Archive(homes.getFirst().toRealPath());
    }
  }

  /** The folder that holds everything. */
  Path home() {
    return home;
  }

  /** A file of it, which must be there. */
  Path file(String name) {
    assertThat(home.resolve(name)).exists();
    return home.resolve(name);
  }

  String text(String name) throws IOException {
    return Files.readString(file(name));
  }
}
