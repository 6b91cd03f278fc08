package io.distkv.storage.level;

import io.distkv.storage.table.EntryCursor;
import io.distkv.storage.table.EntryKind;
import io.distkv.storage.table.TableReader;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One cursor over the tables of a level, which follow each other by key. Opens one at a time. */
public final class LevelCursor implements EntryCursor {
  private final List<TableHandle> tables;
  private final Function<TableReader, EntryCursor> open;
  private int index = -1;
  private @Nullable EntryCursor inner;

  /**
   * Makes a cursor.
   *
   * @param tables in the order of their keys; the caller holds them as long as the cursor is used
   */
  public LevelCursor(List<TableHandle> tables, Function<TableReader, EntryCursor> open) {
    this.tables = tables;
    this.open = open;
  }

  @Override
  public boolean seekToFirst() throws IOException {
    return !tables.isEmpty() && enter(0).seekToFirst();
  }

  @Override
  public boolean seekToLast() throws IOException {
    return !tables.isEmpty() && enter(tables.size() - 1).seekToLast();
  }

  @Override
  public boolean seek(byte[] key, int offset, int length, long version) throws IOException {
    int at = Levels.firstEndingAtOrAfter(tables, key, offset, length);
    if (at == tables.size()) {
      inner = null;
      return false;
    }
    // The table may end with newer versions of this very key.
    return enter(at).seek(key, offset, length, version) || toNextTable();
  }

  @Override
  public boolean next() throws IOException {
    return current().next() || toNextTable();
  }

  @Override
  public boolean prev() throws IOException {
    if (current().prev()) {
      return true;
    }
    if (index == 0) {
      inner = null;
      return false;
    }
    return enter(index - 1).seekToLast();
  }

  @Override
  public boolean valid() {
    return inner != null && inner.valid();
  }

  @Override
  public void park() {
    current().park();
  }

  @Override
  public void unpark() throws IOException {
    current().unpark();
  }

  @Override
  public byte[] keyArray() {
    return current().keyArray();
  }

  @Override
  public int keyOffset() {
    return current().keyOffset();
  }

  @Override
  public int keyLength() {
    return current().keyLength();
  }

  @Override
  public long version() {
    return current().version();
  }

  @Override
  public EntryKind kind() {
    return current().kind();
  }

  @Override
  public long expiresAtMillis() {
    return current().expiresAtMillis();
  }

  @Override
  public byte[] valueArray() {
    return current().valueArray();
  }

  @Override
  public int valueOffset() {
    return current().valueOffset();
  }

  @Override
  public int valueLength() {
    return current().valueLength();
  }

  private boolean toNextTable() throws IOException {
    if (index + 1 == tables.size()) {
      inner = null;
      return false;
    }
    return enter(index + 1).seekToFirst();
  }

  private EntryCursor enter(int table) {
    if (inner == null || table != index) {
      index = table;
      inner = open.apply(tables.get(table).reader());
    }
    return inner;
  }

  private EntryCursor current() {
    if (inner == null) {
      throw new IllegalStateException("the cursor stands nowhere");
    }
    return inner;
  }
}
