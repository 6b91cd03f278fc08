package io.distkv.storage.tree;

import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import io.distkv.base.ForwardingDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A disk that knows which files are open. */
final class OpenFiles extends ForwardingDisk {
  private final List<Tracked> open = new ArrayList<>();

  OpenFiles(Disk disk) {
    super(disk);
  }

  /** The paths of the files that are open now. */
  List<String> open() {
    return open.stream().map(Tracked::path).toList();
  }

  @Override
  protected DiskFile wrap(String path, DiskFile file) {
    Tracked tracked = new Tracked(path, file);
    open.add(tracked);
    return tracked;
  }

  private final class Tracked extends File {
    Tracked(String path, DiskFile file) {
      super(path, file);
    }

    String path() {
      return path;
    }

    @Override
    public void close() throws IOException {
      open.remove(this);
      super.close();
    }
  }
}
