package io.distkv.server;

import io.distkv.node.NodeVerifier;
import io.distkv.node.keyspace.Catalog;
import io.distkv.platform.DataFolderInUseException;
import io.distkv.platform.DataFolderLock;
import io.distkv.platform.RealDisk;
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
    if (!Files.exists(folder.resolve(Catalog.FILE))) {
      // Without a lock, since the lock's file would change a folder that is none of ours.
      return verify();
    }
    try (DataFolderLock _ = DataFolderLock.acquire(folder)) {
      return verify();
    } catch (DataFolderInUseException e) {
      throw new StartFailure(ExitStatus.UNAVAILABLE, e.getMessage() + "; stop it first", e);
    }
  }

  private int verify() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    NodeVerifier.Summary summary =
        NodeVerifier.verify(new RealDisk(folder.toAbsolutePath()), new Printer(out));
    out.println(describe(summary));
    return (summary.damages() == 0 ? ExitStatus.DONE : ExitStatus.DAMAGED).value();
  }

  private static String describe(NodeVerifier.Summary read) {
    return "read "
        + read.journals()
        + " journals with "
        + read.records()
        + " records, "
        + read.trees()
        + " replicas with "
        + read.tables()
        + " tables of "
        + read.tableBytes()
        + " bytes: "
        + (read.damages() == 0 ? "no damage" : read.damages() + " damaged places");
  }

  /** Tells what is read and what is found, line by line. */
  private record Printer(PrintWriter out) implements NodeVerifier.Listener {
    @Override
    public void reading(String directory) {
      out.println("reading " + directory);
    }

    @Override
    public void damaged(Damage damage) {
      out.println("DAMAGED " + damage);
    }
  }
}
