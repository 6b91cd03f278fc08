package io.distkv.storage;

import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** A disk in memory for tests: everything is durable at once. Files can be looked at and broken. */
public final class MemoryDisk implements Disk {
  private final TreeMap<String, MemoryFile> files = new TreeMap<>();

  /** A copy of a file's content. */
  public byte[] content(String path) throws IOException {
    return file(path).copy();
  }

  /** Makes a file with this content, replacing one that has the name. */
  public void replace(String path, byte[] content) {
    MemoryFile file = new MemoryFile();
    file.bytes = content.clone();
    file.size = content.length;
    files.put(path, file);
  }

  @Override
  public DiskFile create(String path) throws IOException {
    if (files.containsKey(path)) {
      throw new FileAlreadyExistsException(path);
    }
    MemoryFile file = new MemoryFile();
    files.put(path, file);
    return file;
  }

  @Override
  public DiskFile open(String path) throws IOException {
    return file(path);
  }

  @Override
  public DiskFile openReadOnly(String path) throws IOException {
    return file(path);
  }

  @Override
  public boolean exists(String path) {
    return files.containsKey(path) || !list(path).isEmpty();
  }

  @Override
  public List<String> list(String directory) {
    String prefix = directory.isEmpty() ? "" : directory + "/";
    return files.keySet().stream()
        .filter(path -> path.startsWith(prefix))
        .map(path -> path.substring(prefix.length()).split("/", 2)[0])
        .distinct()
        .toList();
  }

  @Override
  public void createDirectories(String directory) {}

  @Override
  public void delete(String path) throws IOException {
    file(path);
    files.remove(path);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    files.put(to, file(from));
    files.remove(from);
  }

  @Override
  public void link(String existing, String additional) throws IOException {
    files.put(additional, file(existing));
  }

  @Override
  public void syncDirectory(String directory) {}

  @Override
  public long usableBytes() {
    return Long.MAX_VALUE;
  }

  @Override
  public long lastSyncNanos() {
    return 0;
  }

  private MemoryFile file(String path) throws IOException {
    MemoryFile file = files.get(path);
    if (file == null) {
      throw new NoSuchFileException(path);
    }
    return file;
  }

  private static final class MemoryFile implements DiskFile {
    private byte[] bytes = {};
    private int size;

    @Override
    public synchronized int read(ByteBuffer target, long position) {
      if (position >= size) {
        return 0;
      }
      int length = (int) Math.min(target.remaining(), size - position);
      target.put(bytes, (int) position, length);
      return length;
    }

    @Override
    public synchronized void write(ByteBuffer source, long position) {
      int end = Math.toIntExact(position + source.remaining());
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
      }
      source.get(bytes, (int) position, source.remaining());
      size = Math.max(size, end);
    }

    @Override
    public void sync() {}

    @Override
    public synchronized long size() {
      return size;
    }

    @Override
    public void close() {}

    private synchronized byte[] copy() {
      return Arrays.copyOf(bytes, size);
    }
  }
}
