package io.distkv.storage.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The keys of a memtable, numbered in the order in which they came, each with its newest entry.
 * What finds keys, the tree and {@link KeyIndex}, leads to these numbers, which never change; that
 * an entry is newer than another is known here alone.
 *
 * <p>One thread adds keys and entries. Others may ask for every key whose number reached them
 * through a release write that came after {@link #add}, and see an entry at least as new as at that
 * write.
 */
final class Keys {
  /** No key. */
  static final int NONE = -1;

  private static final int SMALLEST_CHUNK = 16;
  private static final int CHUNK_SHIFT = 12;
  private static final int LARGEST_CHUNK = 1 << CHUNK_SHIFT;
  private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(int[].class);

  private final EntryArena arena;

  /**
   * The newest entries by the keys' numbers, in chunks. All but the first begin at their full
   * length; the first is replaced by longer ones, since most of many idle replicas' memtables hold
   * few keys. A reader that still uses a shorter one came before what was written to the longer.
   */
  private int[][] newest = {};

  private int count;
  private long heldBytes;

  Keys(EntryArena arena) {
    this.arena = arena;
  }

  /** Heap held, in bytes. On the writer's thread. */
  long heldBytes() {
    return heldBytes;
  }

  /** Adds a key with its first entry, and returns its number. */
  int add(int entry) {
    int chunk = count >>> CHUNK_SHIFT;
    int at = count & (LARGEST_CHUNK - 1);
    if (chunk == newest.length) {
      publish(chunk, new int[chunk == 0 ? SMALLEST_CHUNK : LARGEST_CHUNK]);
      heldBytes += 4L * newest[chunk].length;
    } else if (at == newest[chunk].length) {
      publish(chunk, Arrays.copyOf(newest[chunk], 2 * at));
      heldBytes += 4L * at;
    }
    newest[chunk][at] = entry;
    return count++;
  }

  /** Readers come upon it with no release write in between, so what is in it goes first. */
  private void publish(int number, int[] chunk) {
    int[][] chunks = Arrays.copyOf(newest, number + 1);
    chunks[number] = chunk;
    VarHandle.storeStoreFence();
    newest = chunks;
  }

  /** The newest entry of a key. */
  int newest(int key) {
    return (int) ENTRY.getAcquire(newest[key >>> CHUNK_SHIFT], key & (LARGEST_CHUNK - 1));
  }

  /** Makes an entry the newest of a key; it leads to the one it takes the place of. */
  void supersede(int key, int entry) {
    ENTRY.setRelease(newest[key >>> CHUNK_SHIFT], key & (LARGEST_CHUNK - 1), entry);
  }

  /** See {@link EntryArena#hasKey}. */
  boolean equal(int key, byte[] other, int offset, int length) {
    return arena.hasKey(newest(key), other, offset, length);
  }

  /** See {@link EntryArena#compare}. */
  int compare(int key, byte[] other, int offset, int length, int same) {
    return arena.compare(newest(key), other, offset, length, same);
  }

  /** How many bytes two keys share at their start. */
  int sharedBytes(int left, int right) {
    return arena.sharedKeyBytes(newest(left), newest(right));
  }

  /** See {@link KeyPrefix}. */
  long prefix(int key, int skip) {
    return arena.prefix(newest(key), skip);
  }

  /** Bytes of a key from one index up to another. */
  byte[] bytes(int key, int from, int to) {
    int entry = newest(key);
    int offset = arena.keyOffset(entry);
    return Arrays.copyOfRange(arena.array(entry), offset + from, offset + to);
  }
}
