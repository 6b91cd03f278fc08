package io.distkv.node.world;

import io.distkv.base.DiskFile;
import io.distkv.base.DiskFullException;
import io.distkv.base.ForwardingDisk;
import io.distkv.platform.RealDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A real disk that can be made to fail. */
public final class FaultyDisk extends ForwardingDisk {
  private boolean syncsFail;
  private boolean readsFail;
  private boolean full;
  private long usableBytes = -1;
  private long readBytes;
  private long lastSyncNanos;

  public FaultyDisk(Path folder) {
    super(new RealDisk(folder));
  }

  /** Whether syncs of files fail from here on. */
  public void failSyncs(boolean fail) {
    syncsFail = fail;
  }

  /** Whether reads fail from here on. */
  public void failReads(boolean fail) {
    readsFail = fail;
  }

  /** Whether no file can be created or grow from here on. */
  public void fill(boolean isFull) {
    full = isFull;
  }

  /** What the disk pretends to have left; -1 for the truth. */
  public void pretendUsable(long bytes) {
    usableBytes = bytes;
  }

  /** How long the disk pretends that a sync took. */
  public void pretendSyncTook(long nanos) {
    lastSyncNanos = nanos;
  }

  /** How much was read of all files so far. */
  public long readBytes() {
    return readBytes;
  }

  private void requireRoom(String path) throws IOException {
    if (full) {
      throw new DiskFullException(path, new IOException("full"));
    }
  }

  @Override
  protected DiskFile wrap(String path, DiskFile file) {
    return new FaultyFile(path, file);
  }

  @Override
  public DiskFile create(String path) throws IOException {
    requireRoom(path);
    return super.create(path);
  }

  @Override
  public long usableBytes() throws IOException {
    return usableBytes < 0 ? super.usableBytes() : usableBytes;
  }

  @Override
  public long lastSyncNanos() {
    return lastSyncNanos;
  }

  private final class FaultyFile extends File {
    FaultyFile(String path, DiskFile file) {
      super(path, file);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      if (readsFail) {
        throw new IOException("the disk does not answer");
      }
      int read = super.read(target, position);
      readBytes += Math.max(0, read);
      return read;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      if (position + source.remaining() > size()) {
        requireRoom(path);
      }
      super.write(source, position);
    }

    @Override
    public void sync() throws IOException {
      if (syncsFail) {
        throw new IOException("the disk is broken");
      }
      super.sync();
    }
  }
}
