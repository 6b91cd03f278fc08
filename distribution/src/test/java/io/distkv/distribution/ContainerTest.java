package io.distkv.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * That the image would work: without Docker, in a folder laid out by what the Dockerfile copies, by
 * the very commands that it names.
 */
@Timeout(300)
class ContainerTest {
  private static final String DATA = "/var/lib/distkv";

  /**
   * What a stop may take beside {@code stopTimeout}: the hand-over, and writing what is in memory.
   */
  private static final int REST_OF_STOP_SECONDS = 20;

  @TempDir private Path folder;
  private Archive archive;
  private Dockerfile dockerfile;
  private Path root;

  @BeforeEach
  void layOut() throws Exception {
    archive = Archive.unpack(folder.toRealPath());
    dockerfile = Dockerfile.of(archive);
    root = Files.createDirectory(folder.toRealPath().resolve("root"));
    dockerfile.copy(archive, root);
  }

  private ArchiveNode run() throws Exception {
    List<String> command = new ArrayList<>(dockerfile.command("ENTRYPOINT"));
    command.addAll(dockerfile.command("CMD"));
    return ArchiveNode.start(folder, Dockerfile.within(root, command), Map.of());
  }

  private Outside.Ended health(int port) throws Exception {
    assertThat(dockerfile.only("HEALTHCHECK")).contains("--start-period=", "--timeout=");
    List<String> command = new ArrayList<>(List.of("env", "DISTKV_HTTP_PORT=" + port));
    command.addAll(Dockerfile.within(root, dockerfile.command("HEALTHCHECK")));
    return Outside.run(folder, command);
  }

  @Test
  void itsCommandServesIsHealthyAndStopsBySignal() throws Exception {
    List<String> before = programsAndSettings();
    int port;
    try (ArchiveNode node = run()) {
      assertThat(node.data()).isEqualTo(Path.of(root + DATA));
      assertThat(node.process().info().command().orElse(""))
          .as("the process that hears the signal is the node itself")
          .endsWith("/bin/java");
      assertThat(node.command("SET greeting hello")).isEqualTo("+OK");
      port = node.httpPort();
      health(port).well();
      assertThat(node.terminate()).as(node.log()).isZero();
    }
    assertThat(health(port).status()).as("of a node that is gone").isEqualTo(1);
    try (ArchiveNode again = run()) {
      HttpResponse<String> got = again.get("/v1/keyspaces/default/keys/greeting");
      assertThat(got.body()).isEqualTo("hello");
      assertThat(again.terminate()).as(again.log()).isZero();
    }
    assertThat(programsAndSettings())
        .as("nothing is written beside the volume, so the root can be read-only")
        .isEqualTo(before);
  }

  private List<String> programsAndSettings() throws Exception {
    List<String> all = new ArrayList<>(Dockerfile.listing(root.resolve("opt")));
    all.addAll(Dockerfile.listing(root.resolve("etc")));
    return all;
  }

  @Test
  void healthTellsWhatIsWrong() throws Exception {
    try (ArchiveNode node = run()) {
      List<String> command =
          new ArrayList<>(Dockerfile.within(root, dockerfile.command("HEALTHCHECK")));
      command.addAll(List.of("/no/such/page", String.valueOf(node.httpPort())));
      Outside.Ended ended = Outside.run(folder, command);
      assertThat(ended.status()).isEqualTo(1);
      assertThat(ended.output()).contains("/no/such/page answers HTTP/1.1 404");
      command.set(command.size() - 2, "/readyz");
      assertThat(Outside.run(folder, command)).isEqualTo(new Outside.Ended(0, "ready\n"));
      assertThat(node.terminate()).as(node.log()).isZero();
    }
  }

  @Test
  void itIsNobodysRootAndSaysWhereItsDataAndItsPortsAre() throws Exception {
    assertThat(dockerfile.only("USER")).matches("[1-9]\\d+:[1-9]\\d+");
    assertThat(dockerfile.only("VOLUME")).isEqualTo(DATA);
    assertThat(dockerfile.only("STOPSIGNAL")).isEqualTo("SIGTERM");
    assertThat(dockerfile.command("CMD")).endsWith("--data", DATA);
    assertThat(dockerfile.only("FROM")).isEqualTo("${JAVA_IMAGE}");
    assertThat(dockerfile.only("ARG")).contains(":25-jre");
    assertThat(List.of(dockerfile.only("EXPOSE").split(" ", -1)))
        .containsExactlyInAnyOrder(
            setting("resp.port"), setting("grpc.port"), setting("http.port"));
    assertThat(dockerfile.instructions().getFirst().name()).isEqualTo("ARG");
  }

  /** The default of a setting. */
  private String setting(String name) throws Exception {
    return Settings.defaultOf(archive, name);
  }

  @Test
  void theComposeFileIsSoundAndKeepsToLoopback() throws Exception {
    Map<?, ?> services = AlertRules.map(compose(), "services");
    assertThat(services.keySet()).map(String::valueOf).contains("node", "prometheus", "grafana");
    Path place = archive.file("deploy/docker");
    for (Map.Entry<?, ?> each : services.entrySet()) {
      Map<?, ?> service = (Map<?, ?>) each.getValue();
      assertThat(AlertRules.list(service, "ports"))
          .as("%s", each.getKey())
          .allSatisfy(port -> assertThat(String.valueOf(port)).startsWith("127.0.0.1:"));
      for (Object volume : AlertRules.list(service, "volumes")) {
        String[] parts = String.valueOf(volume).split(":", -1);
        if (parts[0].startsWith(".")) {
          assertThat(place.resolve(parts[0])).as("%s", volume).exists();
          assertThat(parts[2]).isEqualTo("ro");
        } else {
          assertThat(AlertRules.map(compose(), "volumes").containsKey(parts[0])).isTrue();
        }
      }
      if (!each.getKey().equals("node")) {
        assertThat(AlertRules.string(service, "image")).matches(".+:v?\\d+\\.\\d+\\.\\d+");
      }
    }
    Map<?, ?> node = AlertRules.map(services, "node");
    assertThat(AlertRules.string(node, "read_only")).isEqualTo("true");
    assertThat(AlertRules.list(node, "tmpfs").toString())
        .as("native libraries are unpacked there")
        .contains("/tmp:", ",exec,");
    assertThat(AlertRules.list(node, "volumes").toString()).contains(":" + DATA);
    assertThat(Settings.seconds(AlertRules.string(node, "stop_grace_period")))
        .isGreaterThan(Settings.seconds(setting("stopTimeout")) + REST_OF_STOP_SECONDS);
    Map<?, ?> build = AlertRules.map(node, "build");
    Path context = place.resolve(AlertRules.string(build, "context")).normalize();
    assertThat(context).isEqualTo(archive.home());
    assertThat(context.resolve(AlertRules.string(build, "dockerfile"))).exists();
    assertThat(archive.text("deploy/docker/nodes.yml"))
        .contains("\"node:" + setting("http.port") + "\"");
  }

  private Map<?, ?> compose() throws Exception {
    return AlertRules.yaml(archive.text("deploy/docker/compose.yaml"));
  }

  /** Version 1 of docker-compose, Debian's, knows all of it but the name of the project. */
  @Test
  void dockerComposeTakesTheComposeFile() throws Exception {
    Outside.require("docker-compose", "docker-compose");
    Path place = archive.file("deploy/docker");
    Path file = place.resolve("compose.yaml");
    Files.writeString(
        file,
        Pattern.compile("^name: .*$", Pattern.MULTILINE)
            .matcher(Files.readString(file))
            .replaceFirst(""));
    Outside.run(place, "docker-compose", "-f", file.toString(), "config", "-q").well();
  }
}
