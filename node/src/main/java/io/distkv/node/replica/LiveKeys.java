package io.distkv.node.replica;

import io.distkv.node.command.KeyCursor;
import io.distkv.node.command.Value;
import io.distkv.storage.tree.Cursor;
import java.io.IOException;
import java.util.Arrays;

/** Walks the keys of a tree's cursor that have not expired. */
final class LiveKeys implements KeyCursor {
  private final Cursor cursor;
  private final long nowMillis;

  LiveKeys(Cursor cursor, long nowMillis) {
    this.cursor = cursor;
    this.nowMillis = nowMillis;
  }

  @Override
  public boolean first() {
    try {
      return cursor.seekToFirst() && skipExpired();
    } catch (IOException e) {
      throw new ReadFailedException(e);
    }
  }

  @Override
  public boolean last() {
    try {
      return skipExpiredBackward(cursor.seekToLast());
    } catch (IOException e) {
      throw new ReadFailedException(e);
    }
  }

  @Override
  public boolean seek(byte[] from) {
    try {
      return cursor.seek(from) && skipExpired();
    } catch (IOException e) {
      throw new ReadFailedException(e);
    }
  }

  @Override
  public boolean seekBefore(byte[] bound) {
    try {
      boolean found = cursor.seekAtOrBefore(bound);
      if (found && Arrays.equals(bound, cursor.key())) {
        found = cursor.prev();
      }
      return skipExpiredBackward(found);
    } catch (IOException e) {
      throw new ReadFailedException(e);
    }
  }

  @Override
  public boolean next() {
    try {
      return cursor.next() && skipExpired();
    } catch (IOException e) {
      throw new ReadFailedException(e);
    }
  }

  private boolean skipExpired() throws IOException {
    while (expired()) {
      if (!cursor.next()) {
        return false;
      }
    }
    return true;
  }

  private boolean skipExpiredBackward(boolean onKey) throws IOException {
    boolean found = onKey;
    while (found && expired()) {
      found = cursor.prev();
    }
    return found;
  }

  private boolean expired() {
    return Value.expired(cursor.expiresAtMillis(), nowMillis);
  }

  @Override
  public byte[] key() {
    return cursor.key();
  }

  /** How many there are, from the first on. */
  long count() {
    long count = 0;
    for (boolean found = first(); found; found = next()) {
      count++;
    }
    return count;
  }

  @Override
  public void close() {
    // The snapshot or lane task that the cursor belongs to gives it up.
  }
}
