package io.distkv.storage.tree;

import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import io.distkv.base.DiskFullException;
import io.distkv.base.ForwardingDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A disk that can be told to be full, or broken; reads go on. */
final class FaultyDisk extends ForwardingDisk {
  private boolean full;
  private boolean broken;
  private @Nullable String fullAtSync;

  FaultyDisk(Disk disk) {
    super(disk);
  }

  void setFull(boolean isFull) {
    full = isFull;
  }

  /** What is written to files with this in their paths finds no room when it is synced. */
  void setFullAtSync(@Nullable String pathPart) {
    fullAtSync = pathPart;
  }

  void setBroken(boolean isBroken) {
    broken = isBroken;
  }

  private void requireWritable(String path) throws IOException {
    if (broken) {
      throw new IOException("broken: " + path);
    }
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
    requireWritable(path);
    return super.create(path);
  }

  @Override
  public long usableBytes() throws IOException {
    return full ? 0 : super.usableBytes();
  }

  private final class FaultyFile extends File {
    FaultyFile(String path, DiskFile file) {
      super(path, file);
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      if (broken || position + source.remaining() > size()) {
        requireWritable(path);
      }
      super.write(source, position);
    }

    @Override
    public void sync() throws IOException {
      if (broken) {
        throw new IOException("broken: " + path);
      }
      if (fullAtSync != null && path.contains(fullAtSync)) {
        throw new DiskFullException(path, new IOException("full"));
      }
      super.sync();
    }
  }
}
