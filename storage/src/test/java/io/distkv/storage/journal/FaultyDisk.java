package io.distkv.storage.journal;

import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import io.distkv.base.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A disk that counts what is asked of it, and fails when a test says so. */
final class FaultyDisk implements Disk {
  private final Disk disk;
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
    this.disk = disk;
  }

  private void requireRoom(String path) throws IOException {
    if (full) {
      throw new DiskFullException(path, new IOException("full"));
    }
  }

  @Override
  public DiskFile create(String path) throws IOException {
    requireRoom(path);
    creates++;
    return new FaultyFile(path, disk.create(path));
  }

  @Override
  public DiskFile open(String path) throws IOException {
    return new FaultyFile(path, disk.open(path));
  }

  @Override
  public DiskFile openReadOnly(String path) throws IOException {
    return disk.openReadOnly(path);
  }

  @Override
  public boolean exists(String path) throws IOException {
    return disk.exists(path);
  }

  @Override
  public List<String> list(String directory) throws IOException {
    return disk.list(directory);
  }

  @Override
  public void createDirectories(String directory) throws IOException {
    disk.createDirectories(directory);
  }

  @Override
  public void delete(String path) throws IOException {
    disk.delete(path);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    renames++;
    disk.rename(from, to);
  }

  @Override
  public void link(String existing, String additional) throws IOException {
    disk.link(existing, additional);
  }

  @Override
  public void syncDirectory(String directory) throws IOException {
    directorySyncs++;
    disk.syncDirectory(directory);
  }

  @Override
  public long usableBytes() throws IOException {
    return full ? 0 : disk.usableBytes();
  }

  private final class FaultyFile implements DiskFile {
    private final String path;
    private final DiskFile file;

    FaultyFile(String path, DiskFile file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return file.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      if (failWrites) {
        throw new IOException("failed write of " + path);
      }
      if (position + source.remaining() > file.size()) {
        requireRoom(path);
        growths++;
      }
      file.write(source, position);
    }

    @Override
    public void sync() throws IOException {
      if (failSyncs) {
        throw new IOException("failed sync of " + path);
      }
      syncs++;
      file.sync();
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
      file.truncate(sizeBytes);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
