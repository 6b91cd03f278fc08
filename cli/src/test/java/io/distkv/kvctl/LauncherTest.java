package io.distkv.kvctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the launchers do in a source tree ({@code bin/launch.sh}): with a Maven and a Java that only
 * pretend, in a tree of one module.
 */
class LauncherTest {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

  /** Does what the file {@code behaviour} says, and notes each call in the file {@code builds}. */
  private static final String MAVEN =
      """
      #!/bin/sh
      echo build >> builds
      case $(cat behaviour) in
        fail) echo "[ERROR] tool/src/main/Tool.java: nonsense"; exit 1 ;;
        wait) mkdir -p tool/target/dependencies; echo half > tool/target/dependencies/half.jar
          while [ ! -f go ]; do sleep 0.05; done ;;
      esac
      mkdir -p tool/target/dependencies tool/target/classes
      echo library > tool/target/dependencies/library.jar
      echo tool > tool/target/tool.jar
      """;

  private static final String TOOL =
      """
      #!/bin/sh
      here=$(cd "$(dirname "$0")" && pwd)
      . "$here/bin/launch.sh"
      launch_folders=tool
      launch tool Main -- "$@"
      """;

  @TempDir private Path temporary;
  private Path tree;
  private Path jdk;

  @BeforeEach
  void plant() throws IOException {
    tree = Files.createDirectory(temporary.toRealPath().resolve("tree"));
    jdk = temporary.toRealPath().resolve("jdk");
    write(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    script(jdk.resolve("bin/javac"), "#!/bin/sh\n");
    script(jdk.resolve("bin/java"), "#!/bin/sh\necho \"$*\"\n");
    for (String file : List.of("bin/launch.sh", "bin/find-jdk.sh")) {
      write(tree.resolve(file), Files.readString(REPOSITORY.resolve(file)));
    }
    script(tree.resolve("mvnw"), MAVEN);
    script(tree.resolve("tool.sh"), TOOL);
    Instant old = Instant.now().minusSeconds(60);
    for (String file : List.of("pom.xml", "tool/pom.xml", "tool/src/main/Tool.java")) {
      write(tree.resolve(file), "text");
      Files.setLastModifiedTime(tree.resolve(file), FileTime.from(old));
    }
    behave("succeed");
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static void script(Path file, String text) throws IOException {
    write(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private void behave(String how) throws IOException {
    Files.writeString(tree.resolve("behaviour"), how);
  }

  private Process start(String log) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(tree.resolve("tool.sh").toString(), "word");
    builder.environment().put("JAVA_HOME", jdk.toString());
    return builder
        .redirectErrorStream(true)
        .redirectOutput(temporary.resolve(log).toFile())
        .start();
  }

  private String ended(Process process, String log, int status) throws Exception {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String said = Files.readString(temporary.resolve(log));
    assertThat(process.exitValue()).as(said).isEqualTo(status);
    return said;
  }

  private String run(int status) throws Exception {
    return ended(start("log"), "log", status);
  }

  private int builds() throws IOException {
    return Files.readAllLines(tree.resolve("builds")).size();
  }

  private String ranFrom(int folder) {
    return "-cp " + tree + "/tool/target/launch/" + folder + "/* Main word";
  }

  @Test
  void theFirstUseBuildsAndTheNextDoesNot() throws Exception {
    assertThat(run(0)).contains("building").contains(ranFrom(1));
    assertThat(run(0)).isEqualTo(ranFrom(1) + "\n");
    assertThat(builds()).isEqualTo(1);
    try (Stream<Path> jars = Files.list(tree.resolve("tool/target/launch/1"))) {
      assertThat(jars.map(jar -> jar.getFileName().toString()))
          .containsExactlyInAnyOrder("tool.jar", "library.jar");
    }
  }

  @Test
  void anEditBuildsAgainAndLeavesTheFilesOfWhatRuns() throws Exception {
    run(0);
    Path source = tree.resolve("tool/src/main/Tool.java");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(run(0)).contains(ranFrom(2));
    assertThat(tree.resolve("tool/target/launch/1/tool.jar")).exists();
    assertThat(run(0)).contains(ranFrom(3));
    assertThat(tree.resolve("tool/target/launch/1")).as("two builds ago").doesNotExist();
  }

  @Test
  void aLauncherWithPipefailSeesEdits() throws Exception {
    script(
        tree.resolve("tool.sh"),
        TOOL.replace("#!/bin/sh\n", "#!/usr/bin/env bash\nset -o pipefail\n"));
    run(0);
    for (String file : List.of("tool/src/main/Tool.java", "pom.xml")) {
      Files.setLastModifiedTime(tree.resolve(file), FileTime.from(Instant.now().plusSeconds(60)));
    }
    assertThat(run(0)).contains(ranFrom(2));
  }

  @Test
  void aBuildThatFailsTellsWhyAndNothingOfItIsRun() throws Exception {
    behave("fail");
    assertThat(run(70)).contains("[ERROR] tool/src/main/Tool.java: nonsense", "the build failed");
    behave("succeed");
    assertThat(run(0)).contains(ranFrom(1));
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void aBuildThatIsKilledInItsMiddleIsBegunAnew() throws Exception {
    behave("wait");
    Process killed = start("killed");
    Path half = tree.resolve("tool/target/dependencies/half.jar");
    while (!Files.exists(half)) {
      assertThat(killed.isAlive()).isTrue();
      Thread.onSpinWait();
    }
    write(tree.resolve("tool/target/classes/Half.class"), "half");
    List<ProcessHandle> all =
        Stream.concat(killed.descendants(), Stream.of(killed.toHandle())).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle each : all) {
      each.onExit().join();
    }
    behave("succeed");
    assertThat(run(0)).contains("building").contains(ranFrom(1));
    assertThat(tree.resolve("tool/target/launch/1/half.jar")).doesNotExist();
    assertThat(tree.resolve("tool/target/classes/Half.class")).doesNotExist();
  }

  @Test
  void twoFirstUsesAtOnceBuildOnce() throws Exception {
    behave("wait");
    Process one = start("one");
    Process other = start("other");
    while (!Files.exists(tree.resolve("builds"))) {
      assertThat(one.isAlive() && other.isAlive()).isTrue();
      Thread.onSpinWait();
    }
    Files.createFile(tree.resolve("go"));
    assertThat(ended(one, "one", 0)).contains(ranFrom(1));
    assertThat(ended(other, "other", 0)).contains(ranFrom(1));
    assertThat(builds()).isEqualTo(1);
  }

  /** As in an image of a container. */
  @Test
  void anArchiveRunsOnARuntimeWithoutACompiler() throws Exception {
    Files.delete(tree.resolve("mvnw"));
    Files.delete(jdk.resolve("bin/javac"));
    assertThat(run(0)).isEqualTo("-cp " + tree + "/lib/* Main word\n");
  }

  /** The launcher of kvctl itself, over a build and a Java that only pretend. */
  @Test
  void kvctlMayBeALinkAndHearsOfTheSystemsTroubleInEnglish() throws Exception {
    script(tree.resolve("kvctl"), Files.readString(REPOSITORY.resolve("kvctl")));
    script(tree.resolve("mvnw"), MAVEN.replace("tool/", "cli/"));
    script(
        jdk.resolve("bin/java"),
        "#!/bin/sh\necho \"$LC_MESSAGES/$LC_CTYPE/${LC_ALL:-none} ${*##*Main}\"\n");
    Path link = Files.createSymbolicLink(temporary.resolve("kv"), tree.resolve("kvctl"));
    ProcessBuilder builder = new ProcessBuilder(link.toString(), "get", "a");
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().put("LC_ALL", "de_DE.UTF-8");
    Process process =
        builder.redirectErrorStream(true).redirectOutput(temporary.resolve("log").toFile()).start();
    assertThat(ended(process, "log", 0)).contains("building").contains("C/de_DE.UTF-8/none  get a");
  }

  /** With every place where a JDK could be replaced by one that is empty. */
  @ParameterizedTest
  @CsvSource({"distkv, 69", "kvctl, 69", "mvnw, 1"})
  void whereThereIsNoJdkOneSentenceSaysHowToGetOne(String launcher, int status) throws Exception {
    String elsewhere = Files.createDirectory(temporary.resolve("elsewhere")).toString();
    String search = Files.readString(REPOSITORY.resolve("bin/find-jdk.sh"));
    for (String root : List.of("/usr/", "/opt/", "/Library/")) {
      assertThat(search).contains(" " + root);
      search = search.replace(" " + root, " " + elsewhere + root);
    }
    write(tree.resolve("bin/find-jdk.sh"), search);
    script(tree.resolve(launcher), Files.readString(REPOSITORY.resolve(launcher)));
    ProcessBuilder builder = new ProcessBuilder(tree.resolve(launcher).toString());
    builder.environment().remove("JAVA_HOME");
    builder.environment().put("HOME", elsewhere);
    builder.environment().put("PATH", folderWith("dirname").toString());
    Process process =
        builder.redirectErrorStream(true).redirectOutput(temporary.resolve("log").toFile()).start();
    assertThat(ended(process, "log", status))
        .containsPattern(
            launcher + ": no JDK (25 )?found; install .*https://adoptium.net.*JAVA_HOME")
        .hasLineCount(1);
    assertThat(tree.resolve("builds")).doesNotExist();
  }

  /** A folder for the PATH that has these programs and no other. */
  private Path folderWith(String... programs) throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("programs"));
    for (String program : programs) {
      Path found =
          Stream.of(System.getenv("PATH").split(":"))
              .map(each -> Path.of(each, program))
              .filter(Files::isExecutable)
              .findFirst()
              .orElseThrow();
      script(folder.resolve(program), "#!/bin/sh\nexec " + found + " \"$@\"\n");
    }
    return folder;
  }

  @Test
  void everyModuleWithALauncherCopiesItsLibrariesToWhereTheLauncherLooks() throws Exception {
    for (String module : List.of("cli", "server", "simulation", "bench")) {
      assertThat(Files.readString(REPOSITORY.resolve(module).resolve("pom.xml")))
          .as(module)
          .contains("<outputDirectory>${project.build.directory}/dependencies</outputDirectory>");
    }
  }
}
