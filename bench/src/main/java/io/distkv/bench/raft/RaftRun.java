package io.distkv.bench.raft;

import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One run of one contender, in a process of its own; prints its result. */
@Command(name = "run", description = "Measures one side once.")
public final class RaftRun implements Runnable {
  @Option(names = "--contender", required = true)
  private Side side = Side.OURS;

  @Option(names = "--folder", required = true)
  private Path folder = Path.of("");

  @Mixin private LoadOptions load = new LoadOptions();

  public static void main(String[] args) {
    System.exit(new CommandLine(new RaftRun()).execute(args));
  }

  @Override
  public void run() {
    Contender contender = side.newContender();
    try {
      contender.open(folder);
      Load work = new Load(contender, load.payloadBytes, load.inFlight);
      if (load.warmUpSeconds > 0) {
        work.run(side + ", warming up", load.warmUpSeconds, load.most);
      }
      Result result = work.run(side.toString(), load.seconds, load.most);
      contender.close();
      System.out.println(result.toLine());
      System.out.flush();
    } catch (Exception e) {
      throw new IllegalStateException(side + " stopped: " + e.getMessage(), e);
    }
  }
}
