package io.distkv.server;

import io.distkv.platform.DataFolderInUseException;
import io.distkv.platform.DataFolderLock;
import io.distkv.platform.RealDisk;
import io.distkv.server.inspect.FolderCheck;
import io.distkv.storage.Damage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code distkv verify DIR}: reads everything that a stopped node stores and names all damage. */
@Command(
    name = "verify",
    description =
        "Read everything in the data folder of a stopped node, and name each damaged file and"
            + " place. Changes nothing.",
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "The data folder.")
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private Path folder;

  @Override
  public Integer call() throws StartFailure, IOException {
    if (!Files.isDirectory(folder)) {
      throw new StartFailure(ExitStatus.USAGE, "there is no folder " + folder);
    }
    PrintWriter out = spec.commandLine().getOut();
    try (DataFolderLock _ = DataFolderLock.acquire(folder)) {
      FolderCheck check = new FolderCheck(new RealDisk(folder.toAbsolutePath()), out::println);
      check.run();
      for (Damage damage : check.damages()) {
        out.println("DAMAGED " + damage);
      }
      out.println(check.summary());
      return (check.damages().isEmpty() ? ExitStatus.DONE : ExitStatus.DAMAGED).value();
    } catch (DataFolderInUseException e) {
      throw new StartFailure(
          ExitStatus.UNAVAILABLE, e.getMessage() + "; stop the node before its folder is read", e);
    }
  }
}
