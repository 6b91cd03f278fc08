package io.distkv.storage.level;

import io.distkv.storage.manifest.TableMeta;
import io.distkv.storage.table.TableReader;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * An open table with the count of those who hold it: the manifest's record and each arrangement of
 * levels that has it. When the last one lets go, it is handed to whoever disposes of it.
 *
 * <p>Safe for use by any thread.
 */
public final class TableHandle {
  private final TableMeta meta;
  private final TableReader reader;
  private final Consumer<TableHandle> dispose;
  private final AtomicInteger holders = new AtomicInteger(1);
  private volatile boolean obsolete;

  /** Wraps an open table for its first holder. */
  public TableHandle(TableMeta meta, TableReader reader, Consumer<TableHandle> dispose) {
    this.meta = meta;
    this.reader = reader;
    this.dispose = dispose;
  }

  public TableMeta meta() {
    return meta;
  }

  public TableReader reader() {
    return reader;
  }

  public long number() {
    return meta.number();
  }

  /** Adds a holder; the caller must know that there is one already. */
  public void retain() {
    holders.incrementAndGet();
  }

  /** Takes a holder away. */
  public void release() {
    if (holders.decrementAndGet() == 0) {
      dispose.accept(this);
    }
  }

  /** Says that no durable record names the table any more, so that its file can go. */
  public void markObsolete() {
    obsolete = true;
  }

  public boolean isObsolete() {
    return obsolete;
  }
}
