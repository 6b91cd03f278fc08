package io.distkv.base;

/**
 * Gives the versions of one lane's writes: hybrid logical time after Kulkarni et al., "Logical
 * Physical Clocks" (2014). Each stamp is larger than every stamp given or observed before, and
 * stays as close to the wall clock as that allows: when the wall clock stands still, jumps back, or
 * 65,536 stamps fall into one millisecond, the counter carries over into the milliseconds.
 *
 * <p>One instance belongs to one lane; only {@link #nowMillis} may be called on any thread.
 */
public final class HybridClock {
  private final Clock clock;
  private volatile long last;

  public HybridClock(Clock clock) {
    this.clock = clock;
  }

  /** The stamp of a new write, larger than all before it. */
  public long next() {
    long stamp = Math.max(last + 1, Version.ofMillis(clock.wallMillis()));
    last = stamp;
    return stamp;
  }

  /**
   * Makes sure that later stamps are larger than one that came from elsewhere (a peer, or the log
   * at a restart).
   */
  public void observe(long version) {
    last = Math.max(last, version);
  }

  /**
   * The milliseconds that a read now should use: the wall clock, but never before the last stamp.
   * On any thread.
   */
  public long nowMillis() {
    return Math.max(Version.millis(last), clock.wallMillis());
  }
}
