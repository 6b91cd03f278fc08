package io.distkv.kvctl;

import java.io.PrintStream;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * How far a long command has come, on standard error: a bar with rate and time left on a terminal,
 * a plain line every few seconds elsewhere, nothing with --quiet.
 */
public final class Progress implements AutoCloseable {
  private static final long LINE_INTERVAL_NANOS = 5_000_000_000L;
  private static final int BAR_COLUMNS = 100;

  private final String task;
  private final String unit;
  private final long total;
  private final boolean quiet;
  private final PrintStream err;
  private final @Nullable ProgressBar bar;
  private final long startNanos = System.nanoTime();
  private long linePrintedNanos = startNanos;
  private long startCount = -1;

  /**
   * Progress of a task.
   *
   * @param unit what is counted for the rate, such as {@code lines}
   * @param total the amount of work, or -1 where it is not known
   * @param unitName what the amount is measured in
   * @param unitSize how much of the amount makes one of that
   */
  public Progress(
      Kvctl kvctl, String task, String unit, long total, String unitName, long unitSize) {
    this.task = task;
    this.unit = unit;
    this.total = total;
    this.quiet = kvctl.quiet();
    this.err = kvctl.shell().err();
    boolean withBar = !quiet && kvctl.shell().terminals().err();
    this.bar =
        withBar
            ? new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setUnit(unitName, unitSize)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .setConsumer(new ConsoleProgressBarConsumer(err, BAR_COLUMNS))
                .build()
            : null;
  }

  /** Tells how much of the total is done, and how many of the units were counted. */
  public void update(long done, long count) {
    if (startCount < 0) {
      startCount = count;
    }
    long now = System.nanoTime();
    String rate =
        String.format(
            Locale.ROOT, "%,.0f %s/s", (count - startCount) * 1e9 / (now - startNanos + 1), unit);
    if (bar != null) {
      bar.stepTo(done);
      bar.setExtraMessage(" " + rate);
    } else if (!quiet && now - linePrintedNanos >= LINE_INTERVAL_NANOS) {
      linePrintedNanos = now;
      String share =
          total <= 0 ? "" : String.format(Locale.ROOT, ", %.1f %%", 100.0 * done / total);
      err.printf(Locale.ROOT, "%s: %,d %s%s, %s%n", task, count, unit, share, rate);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
