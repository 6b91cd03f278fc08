package io.distkv.node.replica;

import io.distkv.base.Disk;
import io.distkv.base.Workers;
import java.io.IOException;

/**
 * Whether the disk is nearly full. Looks at it once a second, and at once when a write met a full
 * disk; once full, stays full until a quarter more than the reserve is free, so that the node does
 * not go back and forth at the edge.
 *
 * <p>Any thread asks; looking is done by the workers.
 */
public final class DiskReserve {
  private static final long LOOK_NANOS = 1_000_000_000L;

  private final Disk disk;
  private final Workers workers;
  private final long reserveBytes;
  private volatile boolean full;
  private volatile long usableBytes;
  private volatile boolean closed;

  /**
   * @param reserveBytes below which the disk counts as full
   */
  public DiskReserve(Disk disk, Workers workers, long reserveBytes) {
    this.disk = disk;
    this.workers = workers;
    this.reserveBytes = reserveBytes;
  }

  /** Looks for the first time, in this call, and from then on once a second. */
  public void watch() throws IOException {
    look();
    plan();
  }

  private void plan() {
    workers.schedule(
        LOOK_NANOS,
        () -> {
          if (closed) {
            return;
          }
          try {
            look();
          } catch (IOException e) {
            // Not knowing is no reason to refuse writes: a full disk will show itself by failing.
            usableBytes = 0;
          }
          plan();
        });
  }

  private void look() throws IOException {
    long usable = disk.usableBytes();
    usableBytes = usable;
    full = usable < (full ? reserveBytes + reserveBytes / 4 : reserveBytes);
  }

  /** A write has found the disk full. */
  public void metFullDisk() {
    full = true;
  }

  /** Whether writes that may grow the data are to be refused. */
  public boolean full() {
    return full;
  }

  /** Bytes that were usable at the last look. */
  public long usableBytes() {
    return usableBytes;
  }

  /** Looks no more. */
  public void close() {
    closed = true;
  }
}
