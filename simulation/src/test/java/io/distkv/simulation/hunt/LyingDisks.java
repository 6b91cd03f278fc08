package io.distkv.simulation.hunt;

import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import io.distkv.base.ForwardingDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Disks that do not keep one of the promises of {@link Disk}: what runs on them has the defect that
 * a program has which forgets that step.
 */
final class LyingDisks {

  private LyingDisks() {}

  /** No sync of a file whose path contains a text does anything. */
  static Disk withoutSync(Disk disk, String pathPart) {
    return new ForwardingDisk(disk) {
      @Override
      protected DiskFile wrap(String path, DiskFile file) {
        return path.contains(pathPart) ? new Unsynced(path, file) : file;
      }
    };
  }

  private static final class Unsynced extends ForwardingDisk.File {
    Unsynced(String path, DiskFile file) {
      super(path, file);
    }

    @Override
    public void sync() {
      // Says that it did.
    }
  }

  /** Every other sync is acknowledged without being done: the next one of the file does it. */
  static Disk acknowledgingBeforeSync(Disk disk) {
    return new ForwardingDisk(disk) {
      @Override
      protected DiskFile wrap(String path, DiskFile file) {
        return new SyncedLate(path, file);
      }
    };
  }

  private static final class SyncedLate extends ForwardingDisk.File {
    private boolean due;

    SyncedLate(String path, DiskFile file) {
      super(path, file);
    }

    @Override
    public void sync() throws IOException {
      if (due) {
        super.sync();
      }
      due = !due;
    }
  }

  /** No sync of a directory does anything. */
  static Disk withoutDirectorySync(Disk disk) {
    return new ForwardingDisk(disk) {
      @Override
      public void syncDirectory(String directory) {
        // Says that it did.
      }
    };
  }

  /** A rename onto a name that is taken first takes it away: CURRENT is changed in two steps. */
  static Disk renamingInTwoSteps(Disk disk) {
    return new ForwardingDisk(disk) {
      @Override
      public void rename(String from, String to) throws IOException {
        if (exists(to)) {
          delete(to);
          syncDirectory(to.substring(0, to.lastIndexOf('/')));
        }
        super.rename(from, to);
      }
    };
  }

  /** What is written to a file reaches it only at its sync: a kill loses it. */
  static Disk writingAtSync(Disk disk, String pathPart) {
    return new ForwardingDisk(disk) {
      @Override
      protected DiskFile wrap(String path, DiskFile file) {
        return path.contains(pathPart) ? new Buffered(path, file) : file;
      }
    };
  }

  private static final class Buffered extends ForwardingDisk.File {
    @SuppressWarnings("ArrayRecordComponent") // carried, never compared
    private record Write(byte[] bytes, long position) {}

    private final Queue<Write> writes = new ArrayDeque<>();

    Buffered(String path, DiskFile file) {
      super(path, file);
    }

    @Override
    public void write(ByteBuffer source, long position) {
      byte[] bytes = new byte[source.remaining()];
      source.get(bytes);
      writes.add(new Write(bytes, position));
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      flush();
      return super.read(target, position);
    }

    @Override
    public long size() throws IOException {
      flush();
      return super.size();
    }

    @Override
    public void sync() throws IOException {
      flush();
      super.sync();
    }

    private void flush() throws IOException {
      for (Write write = writes.poll(); write != null; write = writes.poll()) {
        super.write(ByteBuffer.wrap(write.bytes), write.position);
      }
    }
  }
}
