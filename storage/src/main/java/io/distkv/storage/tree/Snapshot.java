package io.distkv.storage.tree;

import io.distkv.storage.table.Lookup;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A tree as of one version, unmoved by later writes, flushes and compactions. Holds memtables in
 * memory and tables on disk until it is closed, so it should not be kept for long.
 *
 * <p>Used by one thread at a time, any; {@link #close} may come from another once no read runs.
 */
public final class Snapshot implements AutoCloseable {
  private final Layers layers;
  private final long asOf;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Takes over one hold of the levels. */
  Snapshot(Layers layers, long asOf) {
    this.layers = layers;
    this.asOf = asOf;
  }

  /** The version it shows. */
  public long asOf() {
    return asOf;
  }

  /** Like {@link #get}, without reading the disk: {@link Lookup.Outcome#COLD} where it would. */
  public Lookup.Outcome peek(byte[] key, Lookup into) throws IOException {
    return read(key, true, into);
  }

  /**
   * The value of a key.
   *
   * @return FOUND or ABSENT
   * @throws io.distkv.storage.CorruptionException if a block that had to be read is damaged
   */
  public Lookup.Outcome get(byte[] key, Lookup into) throws IOException {
    return read(key, false, into);
  }

  /** A cursor over the keys of a range, usable until the snapshot is closed. */
  public Cursor cursor(KeyRange range) {
    requireOpen();
    return new VisibleCursor(layers.cursor(), range, asOf);
  }

  /**
   * What was written to the keys of a range after a version, and up to that of the snapshot.
   *
   * @throws HistoryGoneException if not all of that is kept any more
   */
  public ChangeCursor changes(KeyRange range, long after) throws HistoryGoneException {
    requireOpen();
    if (after < layers.floor()) {
      throw new HistoryGoneException(after, layers.floor());
    }
    return new ChangeCursor(layers.cursor(after), range, after, asOf);
  }

  /** Lets go of what the snapshot holds; a second call does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      layers.levels().release();
    }
  }

  private Lookup.Outcome read(byte[] key, boolean memoryOnly, Lookup into) throws IOException {
    requireOpen();
    return layers.get(key, asOf, memoryOnly, into);
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("the snapshot is closed");
    }
  }
}
