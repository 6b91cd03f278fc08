package io.distkv.kvctl.transfer;

import io.distkv.kvctl.LocalFiles;
import io.distkv.kvctl.wire.ConnectionException;
import io.distkv.kvctl.wire.Pipeline;
import io.distkv.kvctl.wire.ServerError;
import io.distkv.kvctl.wire.Verb;
import io.distkv.kvctl.wire.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries of keys and writes them, in the order of the keys.
 *
 * <p>Values may be of any size up to 16 MiB, and many are asked for at once; so each batch first
 * asks how long they are, and then for no more of them at a time than fit the window. A value that
 * grows in between does no harm but to the bound.
 *
 * <p>The counts belong to the pipeline's thread until {@link #write} has returned.
 */
final class Exporter implements AutoCloseable {
  static final int BATCH = 512;
  private static final Pipeline.Window WINDOW = Pipeline.Window.bulk(2 * BATCH, 32 << 20);

  /** Replies to PTTL that are no time. */
  private static final long NEVER = -1;

  private static final long ABSENT = -2;

  /** A request: which one, about which key of the batch. */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  private record Step(Verb verb, byte[] key, int index) {}

  private final Pipeline<Step> pipeline;
  private final EntryWriter writer;
  private final Path destination;
  private final boolean withTtl;
  private final long[] sizes = new long[BATCH];
  private byte @Nullable [] value;
  private long written;
  private long gone;
  private long foreign;

  Exporter(Wire wire, EntryWriter writer, Path destination, boolean withTtl) {
    this.pipeline = new Pipeline<>(wire, WINDOW, this::receive);
    this.writer = writer;
    this.destination = destination;
    this.withTtl = withTtl;
  }

  /** Writes the entries of up to {@link #BATCH} keys. */
  void write(List<byte[]> keys) throws ConnectionException {
    Arrays.fill(sizes, 0);
    for (int i = 0; i < keys.size(); i++) {
      byte[] key = keys.get(i);
      pipeline.submit(new Step(Verb.STRLEN, key, i), key.length, Verb.STRLEN, key);
    }
    pipeline.drain();
    for (int i = 0; i < keys.size(); i++) {
      byte[] key = keys.get(i);
      if (sizes[i] < 0) {
        continue;
      }
      if (withTtl) {
        pipeline.submit(new Step(Verb.GET, key, i), key.length + sizes[i], Verb.GET, key);
        pipeline.submit(new Step(Verb.PTTL, key, i), key.length, Verb.PTTL, key);
      } else {
        pipeline.submit(new Step(Verb.GET, key, i), key.length + sizes[i], Verb.GET, key);
      }
    }
    pipeline.drain();
  }

  private void receive(Step step, @Nullable Object reply) {
    if (reply instanceof ServerError error) {
      if (!error.code().equals("WRONGTYPE")) {
        throw error.failure("export");
      }
      if (step.verb() == Verb.STRLEN) {
        foreign++;
        sizes[step.index()] = -1;
      }
      return;
    }
    switch (step.verb()) {
      case STRLEN -> sizes[step.index()] = reply instanceof Long length ? length : 0;
      case GET -> {
        value = reply instanceof byte[] bytes ? bytes : null;
        if (!withTtl) {
          write(step.key(), 0);
        }
      }
      default -> {
        long ttlMillis = reply instanceof Long millis ? millis : NEVER;
        if (ttlMillis == ABSENT) {
          // It expired or was deleted since its value was read: written now it would live for ever.
          value = null;
        }
        // 0 is less than a millisecond left; in a file it would mean for ever.
        write(step.key(), ttlMillis == NEVER ? 0 : Math.max(1, ttlMillis));
      }
    }
  }

  private void write(byte[] key, long ttlMillis) {
    if (value == null) {
      gone++;
      return;
    }
    try {
      writer.write(new Entry(key, value, ttlMillis));
    } catch (IOException e) {
      throw LocalFiles.failure("write", destination, e);
    }
    value = null;
    written++;
  }

  long written() {
    return written;
  }

  /** Keys that were listed and then were not there any more. */
  long gone() {
    return gone;
  }

  /** Keys whose values are no byte strings: other types of a Redis-compatible server. */
  long foreign() {
    return foreign;
  }

  @Override
  public void close() {
    pipeline.close();
  }
}
