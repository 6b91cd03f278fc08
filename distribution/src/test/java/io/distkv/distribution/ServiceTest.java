package io.distkv.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The unit of systemd: what it starts, run from its file, and what systemd itself says to it. */
@Timeout(300)
class ServiceTest {
  private static final String UNIT = "deploy/systemd/distkv.service";
  private static final int WRONG_CONFIGURATION = 78;
  private static final int REST_OF_STOP_SECONDS = 20;

  /** Of 100, the worst, as systemd counts. */
  private static final String MOST_EXPOSURE = "20";

  @TempDir private Path temporary;
  private Path folder;
  private Archive archive;
  private Map<String, List<String>> unit;

  @BeforeEach
  void unpack() throws Exception {
    folder = temporary.toRealPath();
    archive = Archive.unpack(folder);
    unit = new TreeMap<>();
    for (String line : Files.readAllLines(archive.file(UNIT))) {
      if (!line.isBlank() && !line.startsWith("#") && !line.startsWith("[")) {
        String[] parts = line.split("=", 2);
        unit.computeIfAbsent(parts[0], name -> new ArrayList<>()).add(parts[1]);
      }
    }
  }

  private String only(String name) {
    assertThat(unit.get(name)).as(name).isNotNull().hasSize(1);
    return unit.getOrDefault(name, List.of()).getFirst();
  }

  /** A text with the folders of this machine for those of the system. */
  private String here(String text) {
    return text.replace("/opt/distkv", archive.home().toString())
        .replace("/etc/distkv", folder + "/etc")
        .replace("/var/lib/distkv", folder + "/state");
  }

  /** Does what the head of the unit tells to do, and what systemd does before it starts it. */
  private List<String> prepare() throws Exception {
    Files.createDirectory(folder.resolve("state"));
    Files.createDirectory(folder.resolve("etc"));
    Files.copy(archive.file("conf/distkv.yaml"), folder.resolve("etc/distkv.yaml"));
    return List.of(here(only("ExecStart")).split(" ", -1));
  }

  @Test
  void whatItStartsServesAndStopsBySignal() throws Exception {
    List<String> command = prepare();
    Map<String, String> environment = Map.of("HOME", "/", "DISTKV_JAVA_OPTS", "-Xmx300m");
    try (ArchiveNode node = ArchiveNode.start(folder, command, environment)) {
      assertThat(node.data()).isEqualTo(folder.resolve("state"));
      assertThat(node.process().info().command().orElse(""))
          .as("the process that systemd watches is the node itself")
          .endsWith("/bin/java");
      assertThat(node.command("SET greeting hello")).isEqualTo("+OK");
      assertThat(node.get("/metrics").body())
          .contains("jvm_heap_max_bytes " + (double) (300 << 20));
      assertThat(only("KillSignal")).isEqualTo("SIGTERM");
      assertThat(node.terminate()).as(node.log()).isZero();
    }
  }

  @Test
  void aWrongConfigurationIsNotTriedAgain() throws Exception {
    List<String> command = new ArrayList<>(prepare());
    Files.writeString(folder.resolve("etc/distkv.yaml"), "nonsense: 1\n");
    Outside.Ended ended = Outside.run(folder, command);
    assertThat(ended.status()).as(ended.output()).isEqualTo(WRONG_CONFIGURATION);
    assertThat(only("Restart")).isEqualTo("on-failure");
    assertThat(only("RestartPreventExitStatus").split(" ", -1))
        .contains(String.valueOf(WRONG_CONFIGURATION));
  }

  @Test
  void aStopHasTheTimeThatTheNodeTakesForIt() throws Exception {
    int stopSeconds = Settings.seconds(Settings.defaultOf(archive, "stopTimeout"));
    assertThat(Settings.seconds(only("TimeoutStopSec")))
        .isGreaterThan(stopSeconds + REST_OF_STOP_SECONDS);
    assertThat(Integer.parseInt(only("LimitNOFILE"))).isGreaterThanOrEqualTo(65_536);
    assertThat("/var/lib/" + only("StateDirectory")).isEqualTo(only("WorkingDirectory"));
  }

  @Test
  void systemdFindsNothingWrongWithIt() throws Exception {
    Outside.require("systemd-analyze", "systemd");
    Path copy = folder.resolve("distkv.service");
    Files.writeString(copy, here(archive.text(UNIT)));
    Outside.Ended verified =
        Outside.run(folder, "systemd-analyze", "verify", "--man=no", copy.toString());
    assertThat(verified).isEqualTo(new Outside.Ended(0, ""));
    Outside.run(
            folder,
            "systemd-analyze",
            "security",
            "--no-pager",
            "--offline=yes",
            "--threshold=" + MOST_EXPOSURE,
            copy.toString())
        .well();
  }
}
