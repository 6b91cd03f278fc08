package io.distkv.kvctl.transfer;

import io.distkv.kvctl.ExitCode;
import io.distkv.kvctl.Failure;
import io.distkv.kvctl.text.Durations;
import io.distkv.kvctl.wire.ConnectionException;
import io.distkv.kvctl.wire.Pipeline;
import io.distkv.kvctl.wire.ServerError;
import io.distkv.kvctl.wire.Verb;
import io.distkv.kvctl.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sends pieces over RESP, many under way at once, and settles them in the ledger.
 *
 * <p>Invariant: entries take effect in the order of the input, whatever happens in between, so that
 * of two lines for one key the later wins. One connection keeps the order; after it broke, or the
 * node refused an entry for a reason that passes, <em>all</em> entries whose fate is unknown, and
 * those behind them, are sent again in order. Sending one twice is harmless: the last of its kind
 * in the input is the last to be written. Sending only the refused one again would put it behind
 * later lines for the same key.
 */
final class Importer implements EntrySink {
  private static final long WINDOW_BYTES = 32 << 20;
  private static final byte[] PX = "PX".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NX = "NX".getBytes(StandardCharsets.US_ASCII);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;

  /** How many pieces may wait to be settled; only a run of bad or blank ones gets there. */
  private static final int MAX_OPEN = 10_000;

  /** How many bytes of the input these may hold. */
  private static final long MAX_OPEN_BYTES = 64 << 20;

  /** The node is there, but not ready: worth trying again. */
  private static final class NotReady extends RuntimeException {
    NotReady(ServerError error) {
      super(error.text(), null, false, false);
    }
  }

  private final ImportJob job;
  private final Ledger ledger;
  private final ToLongFunction<Tally> lastLine;
  private final Consumer<String> remarks;
  private Pipeline<Ledger.Item> pipeline;

  /** An importer with a connection; fails at once where there is none to be had. */
  Importer(ImportJob job, Ledger ledger, ToLongFunction<Tally> lastLine, Consumer<String> remarks)
      throws ConnectionException {
    this.job = job;
    this.ledger = ledger;
    this.lastLine = lastLine;
    this.remarks = remarks;
    this.pipeline = open();
  }

  private Pipeline<Ledger.Item> open() throws ConnectionException {
    return new Pipeline<>(
        Wire.open(job.target()),
        Pipeline.Window.bulk(job.windowRequests(), WINDOW_BYTES),
        this::receive);
  }

  private void receive(Ledger.Item item, @Nullable Object reply) {
    if (reply instanceof ServerError error) {
      if (error.isPassing()) {
        throw new NotReady(error);
      }
      if (error.isHopeless()) {
        throw error.failure("line " + item.piece().firstLine());
      }
      ledger.decide(item, Tally.Outcome.BAD, "the node answered: " + error.text());
    } else if (reply == null) {
      ledger.decide(item, Tally.Outcome.PRESENT, "");
    } else {
      ledger.decide(item, Tally.Outcome.IMPORTED, "");
    }
  }

  @Override
  public void accept(Piece piece) {
    Ledger.Item item = ledger.add(piece);
    if (piece.entry() != null) {
      try {
        send(item);
      } catch (ConnectionException | NotReady e) {
        recover(e);
      }
    } else if (ledger.size() > MAX_OPEN || ledger.bytes() > MAX_OPEN_BYTES) {
      finish();
    }
  }

  @Override
  public void finish() {
    try {
      pipeline.drain();
    } catch (ConnectionException | NotReady e) {
      recover(e);
    }
  }

  private void send(Ledger.Item item) throws ConnectionException {
    Entry entry = Objects.requireNonNull(item.piece().entry());
    List<byte[]> arguments = new ArrayList<>(List.of(entry.key(), entry.value()));
    if (entry.ttlMillis() > 0) {
      arguments.add(PX);
      arguments.add(Long.toString(entry.ttlMillis()).getBytes(StandardCharsets.US_ASCII));
    }
    if (job.ifAbsent()) {
      arguments.add(NX);
    }
    long bytes = (long) entry.key().length + entry.value().length;
    pipeline.submit(item, bytes, Verb.SET, arguments.toArray(new byte[0][]));
  }

  /** Connects again and sends again what is undecided, until all of it is decided. */
  private void recover(Exception first) {
    if (Thread.interrupted()) {
      throw Failure.interrupted(first);
    }
    long deadline = System.nanoTime() + job.retryFor().toNanos();
    remarks.accept(
        "%s; trying again for up to %s"
            .formatted(first.getMessage(), Durations.show(job.retryFor())));
    long pauseMillis = FIRST_PAUSE_MILLIS;
    Exception last = first;
    while (System.nanoTime() < deadline) {
      pipeline.close();
      try {
        Thread.sleep(pauseMillis);
        pipeline = open();
        for (Ledger.Item item : ledger.undecided()) {
          send(item);
        }
        pipeline.drain();
        remarks.accept(
            "connected again; going on behind line " + lastLine.applyAsLong(ledger.tally()));
        return;
      } catch (ConnectionException | NotReady e) {
        last = e;
      } catch (InterruptedException e) {
        throw Failure.interrupted(e);
      }
      pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
    }
    throw new Failure(
        last instanceof NotReady ? ExitCode.SERVER : ExitCode.UNREACHABLE,
        "gave up after %s: %s".formatted(Durations.show(job.retryFor()), last.getMessage()),
        last);
  }

  @Override
  public void close() {
    pipeline.close();
  }
}
