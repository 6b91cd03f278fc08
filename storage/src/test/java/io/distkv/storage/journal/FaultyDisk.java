package io.distkv.storage.journal;

import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import io.distkv.base.DiskFullException;
import io.distkv.base.ForwardingDisk;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A disk that counts what is asked of it, and fails when a test says so. */
final class FaultyDisk extends ForwardingDisk {
  int creates;
  int syncs;
  int renames;
  int directorySyncs;

  /** How often writes made a file grow. */
  int growths;

  boolean failSyncs;
  boolean failWrites;

  /** Whether a file may be created or grow. */
  boolean full;

  FaultyDisk(Disk disk) {
    super(disk);
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
    creates++;
    return super.create(path);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    renames++;
    super.rename(from, to);
  }

  @Override
  public void syncDirectory(String directory) throws IOException {
    directorySyncs++;
    super.syncDirectory(directory);
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
      if (failWrites) {
        throw new IOException("failed write of " + path);
      }
      if (position + source.remaining() > size()) {
        requireRoom(path);
        growths++;
      }
      super.write(source, position);
    }

    @Override
    public void sync() throws IOException {
      if (failSyncs) {
        throw new IOException("failed sync of " + path);
      }
      syncs++;
      super.sync();
    }
  }
}
