package io.distkv.simulation.linearizability;

import java.util.Arrays;

/**
 * The configurations that the search has been in: which operations have their place, the state
 * after them, and which of those that may be left out it took to get there. Nothing else counts for
 * what can follow, so nothing is gained by coming to one again.
 *
 * <p>Nor is anything gained by coming to one that differs from an earlier one only in having used
 * more of the operations that may be left out: whatever can follow here could follow there. So for
 * the rest of a configuration, the key, a list of sets is kept, and a new set that holds all of an
 * old one is turned away.
 *
 * <p>A hash table, with open addressing, of places in one array: a few words for each
 * configuration, and no objects.
 */
final class Configurations {
  private static final long MIX = 0x9E3779B97F4A7C15L;

  /** The words that name a configuration, put together anew for each. */
  static final class Key {
    private long[] words = new long[16];
    private int length;

    void clear() {
      length = 0;
    }

    void add(long word) {
      if (length == words.length) {
        words = Arrays.copyOf(words, 2 * length);
      }
      words[length++] = word;
    }
  }

  /**
   * Keys (length, where the last of its sets is, words) and sets (where the one before it is, or 0,
   * and words), in the order in which they came. Place 0 stands for none.
   */
  private long[] memory = new long[1024];

  private int end = 1;

  /** Where in {@code memory} a key is; 0 is free. */
  private int[] table = new int[256];

  private int size;
  private long compared;

  /**
   * Remembers a configuration; false if one was there from which as much can follow.
   *
   * @param used a set as bits, always of the same length
   */
  boolean add(Key key, long[] used) {
    int at = entry(key);
    for (int set = (int) memory[at + 1]; set != 0; set = (int) memory[set]) {
      compared++;
      if (within(set + 1, used)) {
        return false;
      }
    }
    reserve(used.length + 1);
    memory[end] = memory[at + 1];
    memory[at + 1] = end;
    System.arraycopy(used, 0, memory, end + 1, used.length);
    end += used.length + 1;
    return true;
  }

  /** How many sets were looked at. */
  long compared() {
    return compared;
  }

  private boolean within(int set, long[] used) {
    for (int word = 0; word < used.length; word++) {
      if ((memory[set + word] & ~used[word]) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Where the key is, which it is from now on. */
  private int entry(Key key) {
    int slot = slotOf(key.words, 0, key.length);
    while (table[slot] != 0) {
      int at = table[slot];
      if (memory[at] == key.length
          && Arrays.equals(memory, at + 2, at + 2 + key.length, key.words, 0, key.length)) {
        return at;
      }
      slot = slot + 1 & table.length - 1;
    }
    reserve(key.length + 2);
    int at = end;
    memory[at] = key.length;
    memory[at + 1] = 0;
    System.arraycopy(key.words, 0, memory, at + 2, key.length);
    end += key.length + 2;
    table[slot] = at;
    if (++size > table.length / 2) {
      grow();
    }
    return at;
  }

  private void reserve(int words) {
    int needed = Math.addExact(end, words);
    if (needed > memory.length) {
      memory = Arrays.copyOf(memory, Math.max(needed, 2 * memory.length));
    }
  }

  private void grow() {
    int[] old = table;
    table = new int[2 * old.length];
    for (int at : old) {
      if (at != 0) {
        int slot = slotOf(memory, at + 2, (int) memory[at]);
        while (table[slot] != 0) {
          slot = slot + 1 & table.length - 1;
        }
        table[slot] = at;
      }
    }
  }

  private int slotOf(long[] words, int from, int length) {
    long hash = length;
    for (int i = from; i < from + length; i++) {
      hash = (hash ^ words[i]) * MIX;
      hash ^= hash >>> 32;
    }
    return (int) hash & table.length - 1;
  }
}
