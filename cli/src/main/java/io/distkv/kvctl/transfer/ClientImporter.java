package io.distkv.kvctl.transfer;

import io.distkv.client.DistKv;
import io.distkv.client.DistKvException;
import io.distkv.client.ErrorCode;
import io.distkv.client.Keyspace;
import io.distkv.client.Limits;
import io.distkv.client.OutcomeUnknownException;
import io.distkv.client.PutOptions;
import io.distkv.client.WhenFull;
import io.distkv.client.codec.Codecs;
import io.distkv.kvctl.Clients;
import io.distkv.kvctl.ExitCode;
import io.distkv.kvctl.Failure;
import io.distkv.kvctl.store.ClientFailures;
import io.distkv.kvctl.store.KeyspaceNumbers;
import io.distkv.kvctl.store.UnderWay;
import io.distkv.kvctl.text.Durations;
import io.distkv.kvctl.wire.Target;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sends entries by the Java client, whose limits are the window.
 *
 * <p>Operations that are under way at once are done in any order. So an entry waits here while
 * another of its key is under way: no two of one key ever are. What fails for a reason that may
 * pass, or without an answer, is sent again, and nothing new before it has its fate; to send it
 * twice is harmless, since nothing behind it has written its key.
 */
final class ClientImporter implements EntrySink {
  private static final long WINDOW_BYTES = 32 << 20;
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;

  /** How many pieces may wait to be settled; only a run of bad or blank ones gets there. */
  private static final int MAX_OPEN = 10_000;

  /** How many bytes of the input these may hold. */
  private static final long MAX_OPEN_BYTES = 64 << 20;

  private static final Set<ErrorCode> PASSING =
      Set.of(
          ErrorCode.OVERLOADED,
          ErrorCode.UNAVAILABLE,
          ErrorCode.TIMEOUT,
          ErrorCode.NO_QUORUM,
          ErrorCode.NOT_LEADER,
          ErrorCode.STALE_TOPOLOGY,
          ErrorCode.DISK_FULL);

  private static final Set<ErrorCode> HOPELESS =
      Set.of(
          ErrorCode.UNAUTHENTICATED,
          ErrorCode.PERMISSION_DENIED,
          ErrorCode.READ_ONLY,
          ErrorCode.CORRUPTION,
          ErrorCode.NOT_FOUND);

  private final ImportJob job;
  private final Ledger ledger;
  private final ToLongFunction<Tally> lastLine;
  private final Consumer<String> remarks;
  private final DistKv client;
  private final Target target;
  private final Keyspace<byte[], byte[]> keyspace;
  private final Set<ByteBuffer> keys = ConcurrentHashMap.newKeySet();
  private final UnderWay underWay = new UnderWay();

  /** What is not decided for a reason that may pass, and must be sent again. */
  private volatile @Nullable DistKvException passing;

  private volatile @Nullable RuntimeException hopeless;

  /** An importer with a connection; fails at once where there is none to be had. */
  ClientImporter(
      ImportJob job, Ledger ledger, ToLongFunction<Tally> lastLine, Consumer<String> remarks) {
    this.job = job;
    this.ledger = ledger;
    this.lastLine = lastLine;
    this.remarks = remarks;
    this.client =
        Clients.builder(job.target().address(), job.target().timeout())
            .limits(new Limits(job.windowRequests(), WINDOW_BYTES, WhenFull.WAIT))
            // What hangs on an operation is short and does not block.
            .executor(Runnable::run)
            .connect();
    try {
      this.target = KeyspaceNumbers.named(client, job.target());
      client.keyspaces().describe(target.keyspace());
      this.keyspace = client.keyspace(target.keyspace(), Codecs.bytes(), Codecs.bytes());
    } catch (DistKvException e) {
      client.close();
      throw ClientFailures.failure("import", job.target(), e);
    } catch (Failure e) {
      client.close();
      throw e;
    }
  }

  @Override
  public void accept(Piece piece) {
    Ledger.Item item = ledger.add(piece);
    if (piece.entry() != null) {
      if (passing != null || hopeless != null || keys.contains(key(item))) {
        // The item is the ledger's already; what is sent again leaves it out.
        settle(item);
      }
      send(item);
    } else if (ledger.size() > MAX_OPEN || ledger.bytes() > MAX_OPEN_BYTES) {
      finish();
    }
  }

  @Override
  public void finish() {
    settle(null);
  }

  private static ByteBuffer key(Ledger.Item item) {
    return ByteBuffer.wrap(Objects.requireNonNull(item.piece().entry()).key());
  }

  private void send(Ledger.Item item) {
    Entry entry = Objects.requireNonNull(item.piece().entry());
    ByteBuffer key = key(item);
    keys.add(key);
    underWay.begin();
    var _ =
        keyspace
            .async()
            .put(entry.key(), entry.value(), options -> options(options, entry))
            .whenComplete((_, thrown) -> {
              try {
                decide(item, thrown instanceof CompletionException ? thrown.getCause() : thrown);
              } finally {
                keys.remove(key);
                underWay.end();
              }
            });
  }

  private PutOptions options(PutOptions options, Entry entry) {
    PutOptions living =
        entry.ttlMillis() > 0 ? options.ttl(Duration.ofMillis(entry.ttlMillis())) : options;
    return job.ifAbsent() ? living.ifAbsent() : living;
  }

  private void decide(Ledger.Item item, @Nullable Throwable thrown) {
    switch (thrown) {
      case null -> ledger.decide(item, Tally.Outcome.IMPORTED, "");
      case DistKvException e -> decide(item, e);
      case Throwable defect -> hopeless = new IllegalStateException("import", defect);
    }
  }

  private void decide(Ledger.Item item, DistKvException e) {
    if (e.code() == ErrorCode.VERSION_MISMATCH) {
      ledger.decide(item, Tally.Outcome.PRESENT, "");
    } else if (e.code() == ErrorCode.CANCELLED) {
      hopeless = Failure.interrupted(e);
    } else if (PASSING.contains(e.code()) || e instanceof OutcomeUnknownException) {
      passing = e;
    } else if (HOPELESS.contains(e.code())) {
      hopeless = ClientFailures.failure("line " + item.piece().firstLine(), target, e);
    } else {
      ledger.decide(item, Tally.Outcome.BAD, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Waits until all that is under way has its fate, sending again what has none yet.
   *
   * @param unsent an item that is not under way, and stays so; null if there is none
   */
  private void settle(Ledger.@Nullable Item unsent) {
    drain();
    DistKvException first = passing;
    if (first != null) {
      recover(first, unsent);
    }
  }

  private void drain() {
    try {
      underWay.awaitNone();
    } catch (InterruptedException e) {
      throw Failure.interrupted(e);
    }
    RuntimeException end = hopeless;
    if (end != null) {
      throw end;
    }
  }

  private void recover(DistKvException first, Ledger.@Nullable Item unsent) {
    long deadline = System.nanoTime() + job.retryFor().toNanos();
    remarks.accept(
        "%s; trying again for up to %s"
            .formatted(first.getMessage(), Durations.show(job.retryFor())));
    long pauseMillis = FIRST_PAUSE_MILLIS;
    DistKvException last = first;
    while (System.nanoTime() < deadline) {
      try {
        Thread.sleep(pauseMillis);
      } catch (InterruptedException e) {
        throw Failure.interrupted(e);
      }
      passing = null;
      List<Ledger.Item> again = new ArrayList<>(ledger.undecided());
      again.remove(unsent);
      again.forEach(this::send);
      drain();
      DistKvException still = passing;
      if (still == null) {
        remarks.accept(
            "connected again; going on behind line " + lastLine.applyAsLong(ledger.tally()));
        return;
      }
      last = still;
      pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
    }
    Failure why = ClientFailures.failure("import", target, last);
    throw new Failure(
        why.code() == ExitCode.UNREACHABLE ? ExitCode.UNREACHABLE : ExitCode.SERVER,
        "gave up after %s: %s".formatted(Durations.show(job.retryFor()), why.sentence()),
        last);
  }

  /** What is under way then is sent again by the next run: its checkpoint must be written now. */
  @Override
  public void close() {
    client.close(Duration.ZERO);
  }
}
