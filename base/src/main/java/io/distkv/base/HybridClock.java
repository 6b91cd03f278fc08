package io.distkv.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Gives the versions of one lane's writes: hybrid logical time after Kulkarni et al., "Logical
 * Physical Clocks" (2014). Each stamp is larger than every stamp given or observed before, and
 * stays as close to the wall clock as that allows: when the wall clock stands still, jumps back, or
 * 65,536 stamps fall into one millisecond, the counter carries over into the milliseconds.
 *
 * <p>One instance belongs to one lane; only {@link #nowMillis} may be called on any thread.
 */
public final class HybridClock {
  private static final VarHandle LAST;

  static {
    try {
      LAST = MethodHandles.lookup().findVarHandle(HybridClock.class, "last", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Clock clock;

  /**
   * Set with a release, not as a volatile: the writer, who stamps every write, waits for nothing.
   */
  private long last;

  public HybridClock(Clock clock) {
    this.clock = clock;
  }

  /** The stamp of a new write, larger than all before it. */
  public long next() {
    long stamp = Math.max(last + 1, Version.ofMillis(clock.wallMillis()));
    LAST.setRelease(this, stamp);
    return stamp;
  }

  /**
   * Makes sure that later stamps are larger than one that came from elsewhere (a peer, or the log
   * at a restart).
   */
  public void observe(long version) {
    LAST.setRelease(this, Math.max(last, version));
  }

  /**
   * The milliseconds that a read now should use: the wall clock, but never before the last stamp.
   * On any thread.
   */
  public long nowMillis() {
    return Math.max(Version.millis((long) LAST.getAcquire(this)), clock.wallMillis());
  }
}
