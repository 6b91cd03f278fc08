package io.distkv.storage.tree;

import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import io.distkv.base.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A disk that can be told to be full, or broken; reads go on. */
final class FaultyDisk implements Disk {
  private final Disk inner;
  private boolean full;
  private boolean broken;

  FaultyDisk(Disk inner) {
    this.inner = inner;
  }

  void setFull(boolean isFull) {
    full = isFull;
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
  public DiskFile create(String path) throws IOException {
    requireWritable(path);
    return new FaultyFile(path, inner.create(path));
  }

  @Override
  public DiskFile open(String path) throws IOException {
    return new FaultyFile(path, inner.open(path));
  }

  @Override
  public DiskFile openReadOnly(String path) throws IOException {
    return inner.openReadOnly(path);
  }

  @Override
  public boolean exists(String path) throws IOException {
    return inner.exists(path);
  }

  @Override
  public List<String> list(String directory) throws IOException {
    return inner.list(directory);
  }

  @Override
  public void createDirectories(String directory) throws IOException {
    inner.createDirectories(directory);
  }

  @Override
  public void delete(String path) throws IOException {
    inner.delete(path);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    inner.rename(from, to);
  }

  @Override
  public void link(String existing, String additional) throws IOException {
    inner.link(existing, additional);
  }

  @Override
  public void syncDirectory(String directory) throws IOException {
    inner.syncDirectory(directory);
  }

  @Override
  public long usableBytes() throws IOException {
    return full ? 0 : inner.usableBytes();
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
      if (broken || position + source.remaining() > file.size()) {
        requireWritable(path);
      }
      file.write(source, position);
    }

    @Override
    public void sync() throws IOException {
      if (broken) {
        throw new IOException("broken: " + path);
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
