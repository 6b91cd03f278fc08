package io.distkv.storage.tree;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The node's bound on the memtables of all its trees. When they come near it, the tree with the
 * largest memtable that still takes writes is asked to freeze it; how full the budget is slows all
 * writers down, so that it is never left far behind.
 *
 * <p>Safe for use by any thread.
 */
public final class MemtableBudget {
  private final long bytes;
  private final List<Account> accounts = new ArrayList<>();
  private long activeBytes;
  private long frozenBytes;

  /**
   * What trees hold whose flushes have ended for good: memory that is used, and none to wait for.
   */
  private long strandedBytes;

  /** Active bytes of those who were asked to freeze and have not yet done so. */
  private long askedBytes;

  /**
   * Makes a budget.
   *
   * @param bytes of heap, at least 1
   */
  public MemtableBudget(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("bytes must be at least 1: " + bytes);
    }
    this.bytes = bytes;
  }

  /** Heap that all memtables hold, in bytes, those included that wait for their flush. */
  public synchronized long usedBytes() {
    return activeBytes + frozenBytes + strandedBytes;
  }

  /** The bound, in bytes. */
  public long bytes() {
    return bytes;
  }

  /** Opens the account of a tree; {@code freeze} may be called on any thread. */
  synchronized Account open(Runnable freeze) {
    Account account = new Account(freeze);
    accounts.add(account);
    return account;
  }

  /** Used bytes over the bound; may exceed 1. */
  double fullness() {
    return (double) usedBytes() / bytes;
  }

  /** Whether memtables hold all that they may, and a flush that is due will change that. */
  synchronized boolean awaitsFlush() {
    return usedBytes() >= bytes && frozenBytes > 0;
  }

  /**
   * Whom to ask for a freeze, if anyone: nobody while what is being flushed, or soon will be,
   * already makes up half of all, since a freeze frees nothing by itself.
   */
  private synchronized @Nullable Account largestIfNearlyFull() {
    if (usedBytes() < bytes - bytes / 8 || frozenBytes + askedBytes > activeBytes - askedBytes) {
      return null;
    }
    Account largest = null;
    for (Account account : accounts) {
      if (account.asked == 0 && (largest == null || account.active > largest.active)) {
        largest = account;
      }
    }
    if (largest == null || largest.active == 0) {
      return null;
    }
    largest.asked = largest.active;
    askedBytes += largest.asked;
    return largest;
  }

  /** What one tree holds. */
  final class Account {
    private final Runnable freeze;
    private long active;
    private long frozen;

    /** What was active when this tree was asked to freeze it; 0 if it was not. */
    private long asked;

    private boolean stranded;

    private Account(Runnable freeze) {
      this.freeze = freeze;
    }

    /** Tells what the tree holds now, and may ask some tree to freeze. */
    void report(long nowActive, long nowFrozen) {
      synchronized (MemtableBudget.this) {
        if (nowActive < active) {
          forgetAsking();
        }
        take(-1);
        active = nowActive;
        frozen = nowFrozen;
        take(1);
      }
      Account largest = largestIfNearlyFull();
      if (largest != null) {
        largest.freeze.run();
      }
    }

    /** Tells that the tree will flush nothing any more; what it holds stays in memory. */
    void strand() {
      synchronized (MemtableBudget.this) {
        forgetAsking();
        take(-1);
        stranded = true;
        take(1);
        accounts.remove(this);
      }
    }

    /** Gives everything back. */
    void close() {
      synchronized (MemtableBudget.this) {
        forgetAsking();
        take(-1);
        active = 0;
        frozen = 0;
        accounts.remove(this);
      }
    }

    private void take(int sign) {
      if (stranded) {
        strandedBytes += sign * (active + frozen);
      } else {
        activeBytes += sign * active;
        frozenBytes += sign * frozen;
      }
    }

    private void forgetAsking() {
      askedBytes -= asked;
      asked = 0;
    }
  }
}
