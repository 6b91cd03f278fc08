package io.distkv.node.world;

import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import io.distkv.platform.RealDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** A real disk that can be made to fail. */
public final class FaultyDisk implements Disk {
  private final Disk disk;
  private boolean syncsFail;
  private boolean readsFail;
  private long usableBytes = -1;

  public FaultyDisk(Path folder) {
    disk = new RealDisk(folder);
  }

  /** From here on no sync of a file succeeds. */
  public void failSyncs() {
    syncsFail = true;
  }

  /** Whether reads fail from here on. */
  public void failReads(boolean fail) {
    readsFail = fail;
  }

  /** What the disk pretends to have left; -1 for the truth. */
  public void pretendUsable(long bytes) {
    usableBytes = bytes;
  }

  @Override
  public DiskFile create(String path) throws IOException {
    return new File(disk.create(path));
  }

  @Override
  public DiskFile open(String path) throws IOException {
    return new File(disk.open(path));
  }

  @Override
  public DiskFile openReadOnly(String path) throws IOException {
    return new File(disk.openReadOnly(path));
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
    disk.rename(from, to);
  }

  @Override
  public void link(String existing, String additional) throws IOException {
    disk.link(existing, additional);
  }

  @Override
  public void syncDirectory(String directory) throws IOException {
    disk.syncDirectory(directory);
  }

  @Override
  public long usableBytes() throws IOException {
    return usableBytes < 0 ? disk.usableBytes() : usableBytes;
  }

  private final class File implements DiskFile {
    private final DiskFile file;

    File(DiskFile file) {
      this.file = file;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      if (readsFail) {
        throw new IOException("the disk does not answer");
      }
      return file.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      file.write(source, position);
    }

    @Override
    public void sync() throws IOException {
      if (syncsFail) {
        throw new IOException("the disk is broken");
      }
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
