package io.distkv.storage.table;

import io.distkv.base.ByteWriter;
import java.util.Arrays;

/**
 * Collects the hashes of a partition's keys and builds their {@link Filter}. Each key gives one
 * equation over three slots; they are solved by peeling: a slot that only one key uses settles that
 * key, which frees its other slots. The order of peeling, backwards, is the order of assignment.
 *
 * <p>Deterministic: the seeds tried are a fixed sequence. Not thread-safe.
 */
final class FilterBuilder {
  /** Peeling fails about once in a hundred; this many failures in a row do not happen by chance. */
  private static final int MAX_ATTEMPTS = 64;

  private static final byte MAX_USERS = Byte.MAX_VALUE;
  private static final long SEED_STEP = 0x9E3779B97F4A7C15L;

  private long[] hashes = new long[1024];
  private int count;

  private byte[] slots = {};
  private byte[] users = {};
  private long[] usersHash = {};
  private int[] alone = {};
  private long[] peeled = {};
  private int[] peeledSlot = {};

  void add(long keyHash) {
    if (count == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * count);
    }
    hashes[count++] = keyHash;
  }

  /** About the size that {@link #writeTo} would add. */
  int estimatedBytes() {
    return Filter.HEADER_BYTES + count + count / 4;
  }

  void reset() {
    count = 0;
  }

  /** Appends the filter. */
  void writeTo(ByteWriter target) {
    int segmentBits = segmentBits(count);
    int segmentLength = 1 << segmentBits;
    int firstSlots = firstSlots(count, segmentLength);
    int slotCount = firstSlots + (Filter.ARITY - 1) * segmentLength;
    reserve(slotCount);
    long seed = 0;
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      seed += SEED_STEP;
      if (peel(seed, firstSlots, segmentLength, slotCount)) {
        assign(firstSlots, segmentLength, slotCount);
        target.putLong(seed).putByte(segmentBits).putBytes(slots, 0, slotCount);
        return;
      }
      if (attempt == 0) {
        dropEqualHashes(); // two keys of one hash would never peel
      }
    }
    // No filter: every answer is "maybe".
  }

  /** Parameters as in the reference implementation by the authors of the paper. */
  private static int segmentBits(int keys) {
    double bits = StrictMath.log(keys) / StrictMath.log(3.33) + 2.25;
    return Math.min(Filter.MAX_SEGMENT_BITS, (int) StrictMath.floor(bits));
  }

  private static int firstSlots(int keys, int segmentLength) {
    double factor =
        keys <= 1
            ? 2
            : Math.max(1.125, 0.875 + 0.25 * StrictMath.log(1_000_000) / StrictMath.log(keys));
    long capacity = Math.round(keys * factor);
    long segments = (capacity + segmentLength - 1) / segmentLength - (Filter.ARITY - 1);
    return Math.toIntExact(Math.max(1, segments) * segmentLength);
  }

  private void reserve(int slotCount) {
    if (slots.length < slotCount) {
      slots = new byte[slotCount];
      users = new byte[slotCount];
      usersHash = new long[slotCount];
      alone = new int[slotCount];
    }
    if (peeled.length < count) {
      peeled = new long[hashes.length];
      peeledSlot = new int[hashes.length];
    }
  }

  /** Finds an order in which every key has a slot that no later key uses; false if none exists. */
  private boolean peel(long seed, int firstSlots, int segmentLength, int slotCount) {
    Arrays.fill(users, 0, slotCount, (byte) 0);
    Arrays.fill(usersHash, 0, slotCount, 0);
    for (int i = 0; i < count; i++) {
      long hash = Filter.mix(hashes[i], seed);
      int first = Filter.first(hash, firstSlots);
      int second = Filter.second(hash, first, segmentLength);
      int third = Filter.third(hash, first, segmentLength);
      if (users[first] == MAX_USERS || users[second] == MAX_USERS || users[third] == MAX_USERS) {
        return false;
      }
      users[first]++;
      users[second]++;
      users[third]++;
      usersHash[first] ^= hash;
      usersHash[second] ^= hash;
      usersHash[third] ^= hash;
    }
    int waiting = 0;
    for (int slot = 0; slot < slotCount; slot++) {
      if (users[slot] == 1) {
        alone[waiting++] = slot;
      }
    }
    int done = 0;
    while (waiting > 0) {
      int slot = alone[--waiting];
      if (users[slot] != 1) {
        continue; // its key was settled by another of its slots meanwhile
      }
      long hash = usersHash[slot];
      peeled[done] = hash;
      peeledSlot[done++] = slot;
      int first = Filter.first(hash, firstSlots);
      waiting = release(first, hash, waiting);
      waiting = release(Filter.second(hash, first, segmentLength), hash, waiting);
      waiting = release(Filter.third(hash, first, segmentLength), hash, waiting);
    }
    return done == count;
  }

  private int release(int slot, long hash, int waiting) {
    usersHash[slot] ^= hash;
    if (--users[slot] != 1) {
      return waiting;
    }
    alone[waiting] = slot;
    return waiting + 1;
  }

  private void assign(int firstSlots, int segmentLength, int slotCount) {
    Arrays.fill(slots, 0, slotCount, (byte) 0);
    for (int i = count - 1; i >= 0; i--) {
      long hash = peeled[i];
      int first = Filter.first(hash, firstSlots);
      int second = Filter.second(hash, first, segmentLength);
      int third = Filter.third(hash, first, segmentLength);
      // The key's own slot still is 0 and drops out of the xor.
      slots[peeledSlot[i]] =
          (byte) (Filter.fingerprint(hash) ^ slots[first] ^ slots[second] ^ slots[third]);
    }
  }

  private void dropEqualHashes() {
    Arrays.sort(hashes, 0, count);
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (i == 0 || hashes[i] != hashes[i - 1]) {
        hashes[kept++] = hashes[i];
      }
    }
    count = kept;
  }
}
