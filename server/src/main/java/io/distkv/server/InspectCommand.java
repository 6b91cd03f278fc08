package io.distkv.server;

import io.distkv.platform.RealDisk;
import io.distkv.server.inspect.FileDescription;
import io.distkv.storage.CorruptionException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code distkv inspect FILE}: prints one stored file in words. */
@Command(
    name = "inspect",
    description = "Print a journal segment, manifest, table or catalog in words.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The file.")
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private Path file;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Entries of a table or records of a journal to print (default: 100).")
  private int limit = 100;

  @Override
  public Integer call() throws StartFailure, IOException {
    if (!Files.isRegularFile(file)) {
      throw new StartFailure(ExitStatus.USAGE, "there is no file " + file);
    }
    Path absolute = file.toAbsolutePath();
    PrintWriter out = spec.commandLine().getOut();
    RealDisk disk = new RealDisk(absolute.resolveSibling(""));
    try {
      boolean whole =
          new FileDescription(disk, absolute.getFileName().toString(), limit, out::println).print();
      return (whole ? ExitStatus.DONE : ExitStatus.DAMAGED).value();
    } catch (CorruptionException e) {
      out.println("DAMAGED " + e.getMessage());
      return ExitStatus.DAMAGED.value();
    }
  }
}
