package io.distkv.storage.tree;

import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A disk that knows which files are open. */
final class OpenFiles implements Disk {
  private final Disk inner;
  private final List<Tracked> open = new ArrayList<>();

  OpenFiles(Disk inner) {
    this.inner = inner;
  }

  /** The paths of the files that are open now. */
  List<String> open() {
    return open.stream().map(file -> file.path).toList();
  }

  private DiskFile track(String path, DiskFile file) {
    Tracked tracked = new Tracked(path, file);
    open.add(tracked);
    return tracked;
  }

  @Override
  public DiskFile create(String path) throws IOException {
    return track(path, inner.create(path));
  }

  @Override
  public DiskFile open(String path) throws IOException {
    return track(path, inner.open(path));
  }

  @Override
  public DiskFile openReadOnly(String path) throws IOException {
    return track(path, inner.openReadOnly(path));
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
    return inner.usableBytes();
  }

  private final class Tracked implements DiskFile {
    private final String path;
    private final DiskFile file;

    Tracked(String path, DiskFile file) {
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
    public void truncate(long sizeBytes) throws IOException {
      file.truncate(sizeBytes);
    }

    @Override
    public void close() throws IOException {
      open.remove(this);
      file.close();
    }
  }
}
