package io.distkv.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A disk that hands everything on to another: what a disk that measures, counts or fails starts
 * from.
 */
public class ForwardingDisk implements Disk {
  protected final Disk disk;

  /**
   * @param disk that everything goes to
   */
  protected ForwardingDisk(Disk disk) {
    this.disk = disk;
  }

  /** What stands for a file that was created or opened; the file itself, unless overridden. */
  protected DiskFile wrap(String path, DiskFile file) {
    return file;
  }

  @Override
  public DiskFile create(String path) throws IOException {
    return wrap(path, disk.create(path));
  }

  @Override
  public DiskFile open(String path) throws IOException {
    return wrap(path, disk.open(path));
  }

  @Override
  public DiskFile openReadOnly(String path) throws IOException {
    return wrap(path, disk.openReadOnly(path));
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
    return disk.usableBytes();
  }

  @Override
  public long lastSyncNanos() {
    return disk.lastSyncNanos();
  }

  /** A file that hands everything on to another. */
  public static class File implements DiskFile {
    protected final String path;
    protected final DiskFile file;

    /**
     * @param path by which the file was opened
     * @param file that everything goes to
     */
    protected File(String path, DiskFile file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return file.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      file.write(source, position);
    }

    @Override
    public void sync() throws IOException {
      file.sync();
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
