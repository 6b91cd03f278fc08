package io.distkv.simulation.hunt;

import io.distkv.simulation.cluster.ClusterRun;
import io.distkv.simulation.cluster.ClusterShrink;
import io.distkv.simulation.cluster.timeline.TimelinePage;
import io.distkv.simulation.cluster.timeline.TimelineText;
import io.distkv.simulation.linearizability.HistoryFormat;
import io.distkv.simulation.shrink.Budget;
import io.distkv.simulation.world.Trace;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Tells of one seed of a cluster what happened in it, and what of a failing one is enough. */
final class ClusterReport {
  private static final Duration PROGRESS = Duration.ofSeconds(2);
  private static final int NOTHING_FOUND = 0;
  private static final int PROMISE_BROKEN = 1;
  private static final int WRONG_COMMAND = 2;

  private final PrintStream out;
  private final HuntPlan plan;
  private final ClusterRuns runs;

  ClusterReport(PrintStream out, HuntPlan plan, ClusterRuns runs) {
    this.out = out;
    this.plan = plan;
    this.runs = runs;
  }

  /** Runs a seed and tells of it; returns the exit status. */
  int run(long seed) {
    Trace trace = plan.trace() ? new Trace(out::println) : new Trace();
    ClusterRun run;
    try {
      run = runs.of(seed, trace, plan.selection());
    } catch (IllegalArgumentException e) {
      out.println(e.getMessage());
      return WRONG_COMMAND;
    }
    int status = NOTHING_FOUND;
    try {
      run.run();
      tell(run);
      out.println("nothing found");
      printTally(trace);
    } catch (RuntimeException | Error e) {
      status = PROMISE_BROKEN;
      tell(run);
      printTally(trace);
      out.println("seed " + seed + " failed after " + trace.events() + " events:");
      e.printStackTrace(out);
      out.println("replay it with: " + HuntPlan.command(plan.of(), seed, plan.selection()));
      if (plan.shrinking().wanted()) {
        shrink(seed);
      }
    }
    boolean written = writeFiles(seed, run);
    out.println("trace hash: " + trace.hex());
    return written || status == PROMISE_BROKEN ? status : WRONG_COMMAND;
  }

  private void printTally(Trace trace) {
    out.println("taken: " + String.join(", ", trace.tally().taken()));
    if (!trace.tally().neverTaken().isEmpty()) {
      out.println("never taken: " + String.join(", ", trace.tally().neverTaken()));
    }
  }

  private void tell(ClusterRun run) {
    TimelineText.lines(run.optionWords(), run.timeline()).forEach(out::println);
  }

  /** Looks for the least of a failing seed that still fails, and tells of that. */
  void shrink(long seed) {
    out.println("looking for less that fails in the same way");
    HuntPlan.Shrinking shrinking = plan.shrinking();
    Budget budget = new Budget(shrinking.runs(), shrinking.nanos(), System::nanoTime);
    Progress progress = new Progress();
    ClusterShrink shrink =
        new ClusterShrink(
            selection -> runs.of(seed, new Trace(), selection), budget, progress::tell);
    shrink
        .shrink(plan.selection())
        .ifPresentOrElse(
            least -> tellLeast(seed, least, budget),
            () ->
                out.println(
                    budget.isSpent()
                        ? "there was no time for that"
                        : "it did not fail again: two runs of this seed differ"));
  }

  private void tellLeast(long seed, ClusterShrink.Failed least, Budget budget) {
    out.println(
        "what is left after %d runs%s:"
            .formatted(budget.runs(), budget.isSpent() ? ", which used up the budget" : ""));
    out.println();
    tell(least.run());
    out.println("its trace hash: " + least.run().traceHash());
    out.println("replay it with: " + HuntPlan.command(plan.of(), seed, least.selection()));
  }

  /** Prints one line in two seconds. */
  private final class Progress {
    private long shownNanos = System.nanoTime();

    void tell(String text) {
      long now = System.nanoTime();
      if (now - shownNanos >= PROGRESS.toNanos()) {
        shownNanos = now;
        out.println("shrinking: " + text);
      }
    }
  }

  private boolean writeFiles(long seed, ClusterRun run) {
    boolean written = true;
    if (plan.history() != null) {
      written &= write(plan.history(), stream -> HistoryFormat.write(run.history(), stream));
    }
    if (plan.html() != null) {
      String title = "Seed " + seed + " of the cluster simulator";
      String command = HuntPlan.command(plan.of(), seed, plan.selection());
      List<String> options = run.optionWords();
      String page =
          new TimelinePage(title, command, run.traceHash(), options, run.timeline()).text();
      written &= write(plan.html(), stream -> stream.write(page.getBytes(StandardCharsets.UTF_8)));
    }
    return written;
  }

  /** Fills a file. */
  private interface Content {
    void writeTo(OutputStream stream) throws IOException;
  }

  private boolean write(Path file, Content content) {
    try (OutputStream stream = Files.newOutputStream(file)) {
      content.writeTo(stream);
      return true;
    } catch (IOException e) {
      out.println("cannot write " + file + ": " + e);
      return false;
    }
  }
}
