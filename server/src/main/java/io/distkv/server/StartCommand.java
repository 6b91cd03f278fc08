package io.distkv.server;

import io.distkv.server.config.Configuration;
import io.distkv.server.config.ConfigurationException;
import io.distkv.server.config.ConfigurationReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code distkv start}: runs one node until it is told to stop. */
@Command(
    name = "start",
    description =
        "Run one node in the foreground. Prints one line when it is ready; Ctrl-C stops it.",
    mixinStandardHelpOptions = true)
final class StartCommand implements Callable<Integer> {
  private static final Path DEFAULT_FILE = Path.of("distkv.yaml");

  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The folder that holds everything (default: ./distkv-data).")
  private @Nullable String data;

  @Option(
      names = "--resp-port",
      paramLabel = "N",
      description = "Port for Redis clients (default: 6379; 0: any free one).")
  private @Nullable String respPort;

  @Option(
      names = "--grpc-port",
      paramLabel = "N",
      description = "Port for gRPC clients (default: 7379; 0: any free one).")
  private @Nullable String grpcPort;

  @Option(
      names = "--http-port",
      paramLabel = "N",
      description = "Port for metrics and health (default: 8379; 0: any free one).")
  private @Nullable String httpPort;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration file (default: distkv.yaml here, if there is one).")
  private @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "Any setting of docs/configuration.md; may be given again and again.")
  private List<String> assignments = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    Configuration configuration;
    try {
      configuration = ConfigurationReader.read(file(), System.getenv(), allAssignments());
    } catch (ConfigurationException e) {
      e.problems().forEach(problem -> spec.commandLine().getErr().println(problem));
      return ExitStatus.CONFIGURATION.value();
    }
    return new ServerProcess(configuration, spec.commandLine().getOut()).run().value();
  }

  private Optional<Path> file() {
    if (file != null) {
      return Optional.of(file);
    }
    return Files.exists(DEFAULT_FILE) ? Optional.of(DEFAULT_FILE) : Optional.empty();
  }

  private List<String> allAssignments() {
    List<String> all = new ArrayList<>(assignments);
    if (data != null) {
      all.add("data=" + data);
    }
    if (respPort != null) {
      all.add("resp.port=" + respPort);
    }
    if (grpcPort != null) {
      all.add("grpc.port=" + grpcPort);
    }
    if (httpPort != null) {
      all.add("http.port=" + httpPort);
    }
    return all;
  }
}
