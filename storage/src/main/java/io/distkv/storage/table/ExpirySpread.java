package io.distkv.storage.table;

/**
 * How the expiries of a table's entries are spread over time: counts in at most {@value #BUCKETS}
 * buckets of equal width, which doubles whenever they span more. Good for questions of "when", to
 * about a thirtieth of the whole span. Not thread-safe.
 */
final class ExpirySpread {
  private static final int BUCKETS = 64;

  /** Later ones share a bucket, so that indexes stay far from where they would overflow. */
  private static final long LAST_TOLD_APART_MILLIS = 1L << 62;

  /**
   * A ring: the bucket of index i, which begins at i times the width, is at i modulo its length.
   */
  private long[] counts = new long[BUCKETS];

  private int widthBits;
  private long first;
  private long last;
  private long latestMillis;
  private long total;

  /** Counts one more expiry; one before 1970 as one of that time. */
  void add(long expiresAtMillis) {
    long millis = Math.clamp(expiresAtMillis, 0, LAST_TOLD_APART_MILLIS);
    long index = millis >>> widthBits;
    if (total == 0) {
      first = index;
      last = index;
    }
    while (Math.max(last, index) - Math.min(first, index) >= BUCKETS) {
      widen();
      index = millis >>> widthBits;
    }
    first = Math.min(first, index);
    last = Math.max(last, index);
    counts[place(index)]++;
    latestMillis = Math.max(latestMillis, expiresAtMillis);
    total++;
  }

  /** How many were counted. */
  long total() {
    return total;
  }

  /**
   * A time at which at least so many have ended, and not much later than that.
   *
   * @param wanted 1 to {@link #total}
   */
  long atWhich(long wanted) {
    long sum = 0;
    for (long index = first; index <= last; index++) {
      sum += counts[place(index)];
      if (sum >= wanted) {
        return index == last ? latestMillis : ((index + 1) << widthBits) - 1;
      }
    }
    throw new IllegalArgumentException(wanted + " of " + total);
  }

  private void widen() {
    long[] wider = new long[BUCKETS];
    for (long index = first; index <= last; index++) {
      wider[place(index >>> 1)] += counts[place(index)];
    }
    counts = wider;
    first >>>= 1;
    last >>>= 1;
    widthBits++;
  }

  private static int place(long index) {
    return (int) (index % BUCKETS);
  }
}
