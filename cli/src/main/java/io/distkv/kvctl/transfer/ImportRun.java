package io.distkv.kvctl.transfer;

import io.distkv.kvctl.ExitCode;
import io.distkv.kvctl.Failure;
import io.distkv.kvctl.InterruptibleInput;
import io.distkv.kvctl.Kvctl;
import io.distkv.kvctl.LocalFiles;
import io.distkv.kvctl.Progress;
import io.distkv.kvctl.store.Store;
import io.distkv.kvctl.text.Durations;
import io.distkv.kvctl.wire.ConnectionException;
import io.distkv.kvctl.wire.NodeInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One run of an import: from a checkpoint or the beginning, to the end or to whatever stops it. */
final class ImportRun {
  private static final long CHECKPOINT_INTERVAL_NANOS = 1_000_000_000L;
  private static final long LOOK_EVERY_PIECES = 64;

  /**
   * How a run ended.
   *
   * @param lastLine the number of the last line that is settled
   */
  record Result(Tally start, Tally end, long lastLine, Duration took, @Nullable Failure failure) {}

  private final Kvctl kvctl;
  private final ImportJob job;
  private final @Nullable Fingerprint fingerprint;
  private String jobLine = "";
  private boolean checkpointFails;

  /** Lines that are no pieces: the header, which is read again by each run. */
  private long headerLines;

  ImportRun(Kvctl kvctl, ImportJob job) {
    this.kvctl = kvctl;
    this.job = job;
    try {
      this.fingerprint =
          job.input() == null || job.checkpoint() == null ? null : Fingerprint.of(job.input());
    } catch (IOException e) {
      throw LocalFiles.failure("read", job.input() == null ? Path.of("-") : job.input(), e);
    }
  }

  /**
   * Runs to the end; a failure on the way is part of the result, one before the start is thrown.
   */
  Result run() throws ConnectionException {
    jobLine = describeJob();
    Checkpoint resumed = resume();
    Tally start = resumed == null ? Tally.NONE : resumed.tally();
    long startNanos = System.nanoTime();
    try (PieceReader reader = open(start);
        BadFile bad = badFile(resumed, reader)) {
      if (resumed != null) {
        remark(
            "going on behind line %,d of %s, where %s says an earlier run stopped"
                .formatted(lastLine(start), job.inputName(), job.checkpoint()));
      }
      Ledger ledger =
          new Ledger(start, job.maxBad(), (piece, reason) -> refuse(bad, piece, reason));
      Failure failure = null;
      try (EntrySink sink = sink(ledger);
          Progress progress = progress()) {
        failure = pump(reader, sink, ledger, bad, progress);
      }
      if (failure == null) {
        removeCheckpoint();
      } else {
        saveCheckpoint(ledger, bad);
      }
      Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
      Tally end = ledger.tally();
      return new Result(start, end, lastLine(end), took, failure);
    } catch (IOException e) {
      if (e instanceof ConnectionException lost) {
        throw lost;
      }
      throw LocalFiles.failure("read", Path.of(job.inputName()), e);
    }
  }

  /**
   * What a checkpoint belongs to. A DistKV node tells its id, which is another one after its data
   * was wiped: a checkpoint of the old one must not keep lines from the new one.
   */
  private String describeJob() throws ConnectionException {
    String node = "";
    if (job.checkpoint() != null) {
      try (Store store = kvctl.connect()) {
        NodeInfo info = store.info("server");
        node = info.isDistkv() ? info.first("run_id") + "@" : "";
      }
    }
    return "%s%s/%s %s%s"
        .formatted(
            node,
            job.target().address(),
            job.target().keyspace(),
            job.format(),
            job.ifAbsent() ? " if-absent" : "");
  }

  /** Moves all pieces; answers what stopped it, or null at the end of the input. */
  private @Nullable Failure pump(
      PieceReader reader, EntrySink sink, Ledger ledger, @Nullable BadFile bad, Progress progress) {
    long savedNanos = System.nanoTime();
    try {
      long pieces = 0;
      for (Piece piece = reader.next(); piece != null; piece = reader.next()) {
        sink.accept(piece);
        // At each piece: neither a file's stream nor a window with room looks for a signal, and an
        // import of a few long lines would pass over it to its end.
        if (Thread.interrupted()) {
          throw Failure.interrupted(null);
        }
        if (++pieces % LOOK_EVERY_PIECES == 0 || piece.problem() != null) {
          if (ledger.stoppedAt() != null) {
            break;
          }
          Tally tally = ledger.tally();
          progress.update(tally.offset(), tally.lines());
          if (System.nanoTime() - savedNanos > CHECKPOINT_INTERVAL_NANOS) {
            saveCheckpoint(ledger, bad);
            savedNanos = System.nanoTime();
          }
        }
      }
      sink.finish();
      progress.update(ledger.tally().offset(), ledger.tally().lines());
      return tooMany(ledger);
    } catch (IOException e) {
      return LocalFiles.failure("read", Path.of(job.inputName()), e);
    } catch (Failure failure) {
      return failure;
    }
  }

  private @Nullable Failure tooMany(Ledger ledger) {
    Ledger.Item item = ledger.stoppedAt();
    if (item == null) {
      return null;
    }
    return new Failure(
        ExitCode.PARTIAL,
        "%s: line %d: %s; stopped there, because --max-bad allows %d bad lines"
            .formatted(
                job.inputName(), item.piece().firstLine(), ledger.reason(item), job.maxBad()));
  }

  private EntrySink sink(Ledger ledger) throws ConnectionException {
    return job.target().address().isResp()
        ? new Importer(job, ledger, this::lastLine, this::remark)
        : new ClientImporter(job, ledger, this::lastLine, this::remark);
  }

  private Progress progress() {
    long total = fingerprint == null ? -1 : fingerprint.bytes();
    return new Progress(kvctl, "kvctl import", "lines", total, " MiB", 1 << 20);
  }

  private PieceReader open(Tally start) throws IOException {
    InputBytes in = new InputBytes(stream(job.input()));
    PieceReader reader = job.format().reader(in);
    headerLines = in.line() - 1;
    if (start.offset() > 0) {
      in.skipTo(start.offset(), lastLine(start) + 1);
    }
    return reader;
  }

  private InputStream stream(@Nullable Path input) throws IOException {
    if (input == null) {
      return kvctl.shell().in();
    }
    InputStream stream = Files.newInputStream(input);
    return Files.isRegularFile(input) ? stream : new InterruptibleInput(stream);
  }

  private long lastLine(Tally tally) {
    return headerLines + tally.lines();
  }

  private @Nullable BadFile badFile(@Nullable Checkpoint resumed, PieceReader reader) {
    return job.badFile() == null
        ? null
        : BadFile.open(
            job.badFile(), resumed == null ? 0 : resumed.badFileBytes(), reader.heading());
  }

  private void refuse(@Nullable BadFile bad, Piece piece, String reason) {
    String lines =
        piece.lines() == 1
            ? "line " + piece.firstLine()
            : "lines " + piece.firstLine() + " to " + piece.lastLine();
    kvctl.shell().err().println("kvctl import: " + job.inputName() + ": " + lines + ": " + reason);
    if (bad != null) {
      bad.add(piece);
    }
  }

  private @Nullable Checkpoint resume() {
    if (job.checkpoint() == null || job.restart()) {
      return null;
    }
    Checkpoint found = Checkpoint.read(job.checkpoint());
    if (found == null) {
      return null;
    }
    if (!found.input().equals(fingerprint) || !found.job().equals(jobLine)) {
      remark(
          "%s is of another %s: starting from the beginning"
              .formatted(
                  job.checkpoint(),
                  found.job().equals(jobLine)
                      ? "state of the input"
                      : "import (" + found.job() + ")"));
      return null;
    }
    return found;
  }

  private void saveCheckpoint(Ledger ledger, @Nullable BadFile bad) {
    if (job.checkpoint() == null || fingerprint == null || checkpointFails) {
      return;
    }
    Checkpoint checkpoint =
        ledger.consistently(
            tally -> new Checkpoint(fingerprint, jobLine, tally, bad == null ? 0 : bad.length()));
    try {
      checkpoint.write(job.checkpoint());
    } catch (IOException e) {
      checkpointFails = true;
      Failure failure = LocalFiles.failure("write", job.checkpoint(), e);
      remark(failure.sentence() + "; a broken import will start from the beginning");
    }
  }

  private void removeCheckpoint() {
    if (job.checkpoint() == null) {
      return;
    }
    try {
      Files.deleteIfExists(job.checkpoint());
    } catch (IOException e) {
      remark(LocalFiles.failure("delete", job.checkpoint(), e).sentence());
    }
  }

  private void remark(String sentence) {
    kvctl.remark("kvctl import: " + sentence);
  }

  /** The rate of a run, for its summary. */
  static String rate(Tally start, Tally end, Duration took) {
    double seconds = Math.max(took.toNanos() / 1e9, 1e-9);
    return "%s, %,.0f lines/s"
        .formatted(Durations.show(took), (end.lines() - start.lines()) / seconds);
  }
}
