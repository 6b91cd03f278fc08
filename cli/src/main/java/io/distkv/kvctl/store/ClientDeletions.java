package io.distkv.kvctl.store;

import io.distkv.client.AsyncKeyspace;
import io.distkv.client.DistKvException;
import io.distkv.client.Written;
import io.distkv.kvctl.Failure;
import io.distkv.kvctl.wire.Target;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Deletes many at once; the client's limits bound how many, and make the caller wait. */
final class ClientDeletions implements Store.Deletions {
  private final AsyncKeyspace<byte[], byte[]> keyspace;
  private final Target target;
  private final UnderWay underWay = new UnderWay();
  private final AtomicLong deleted = new AtomicLong();
  private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();

  ClientDeletions(AsyncKeyspace<byte[], byte[]> keyspace, Target target) {
    this.keyspace = keyspace;
    this.target = target;
  }

  @Override
  public void delete(byte[] key) {
    check();
    underWay.begin();
    var _ = keyspace.delete(key).whenComplete(this::done);
  }

  private void done(@Nullable Written<byte[]> written, @Nullable Throwable thrown) {
    if (written != null && written.changed()) {
      deleted.incrementAndGet();
    } else if (thrown != null) {
      first.compareAndSet(null, thrown instanceof CompletionException ? thrown.getCause() : thrown);
    }
    underWay.end();
  }

  @Override
  public long finish() {
    try {
      underWay.awaitNone();
    } catch (InterruptedException e) {
      throw Failure.interrupted(e);
    }
    check();
    return deleted.get();
  }

  private void check() {
    switch (first.get()) {
      case null -> {
        // All well so far.
      }
      case DistKvException e -> throw ClientFailures.failure("delete", target, e);
      case Throwable thrown -> throw new IllegalStateException(new ExecutionException(thrown));
    }
  }

  @Override
  public void close() {}
}
