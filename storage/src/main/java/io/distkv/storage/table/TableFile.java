package io.distkv.storage.table;

import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import io.distkv.storage.CorruptionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The file of a table, for positional reads by any number of threads at once. It is closed when
 * {@link TableFiles} has too many open, and opened again by the next read of it; the file must
 * therefore keep its name until {@link #keepOpen} or {@link #close}.
 *
 * <p>A read holds what it reads from by a count, so that nobody closes it meanwhile. While the file
 * is open, a read costs two compare-and-set for that, next to a call of the operating system.
 */
final class TableFile implements BlockSource {
  /** Reads larger than this are split: the system sets aside native memory as large as a read. */
  private static final int LARGEST_READ_BYTES = 1 << 20;

  private final Disk disk;
  private final String path;
  private final TableFiles files;
  private final long bytes;

  /** What is read from; null while the file is closed. */
  private final AtomicReference<@Nullable Descriptor> current = new AtomicReference<>();

  private volatile boolean marked;
  private volatile boolean closed;

  /** Whether it must stay open; guarded by this object, as is the giving up that it forbids. */
  private boolean kept;

  private TableFile(Disk disk, String path, TableFiles files, DiskFile opened) throws IOException {
    this.disk = disk;
    this.path = path;
    this.files = files;
    this.bytes = opened.size();
    current.set(new Descriptor(opened));
  }

  /** Opens a table's file. */
  static TableFile open(Disk disk, String path, TableFiles files) throws IOException {
    DiskFile opened = disk.openReadOnly(path);
    try {
      TableFile file = new TableFile(disk, path, files, opened);
      files.opened(file);
      return file;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /** Its name, for error messages. */
  String path() {
    return path;
  }

  /** Its size. */
  long bytes() {
    return bytes;
  }

  @Override
  public StoredBlock.Raw read(long offset, int length, StoredBlock.Type type) throws IOException {
    requireInside(offset, length, type);
    byte[] stored = new byte[length + StoredBlock.TRAILER_BYTES];
    readFully(stored, stored.length, offset);
    return StoredBlock.open(stored, 0, length, true, type, path, offset);
  }

  /** Refuses places that cannot be, before any array is made for them. */
  void requireInside(long offset, int length, StoredBlock.Type type) throws CorruptionException {
    if (offset < 0
        || length < 0
        || length > Integer.MAX_VALUE - 64
        || offset > bytes - length - StoredBlock.TRAILER_BYTES) {
      throw new CorruptionException(
          path,
          offset,
          type.words() + " of " + length + " bytes is not inside the file of " + bytes);
    }
  }

  /** Fills the first {@code length} bytes of an array. */
  void readFully(byte[] target, int length, long offset) throws IOException {
    Descriptor descriptor = hold();
    try {
      int done = 0;
      while (done < length) {
        int piece = Math.min(length - done, LARGEST_READ_BYTES);
        int read = read(descriptor.file, ByteBuffer.wrap(target, done, piece), offset + done);
        if (read < piece) {
          throw new CorruptionException(
              path, offset, "the file ends before byte " + (offset + length));
        }
        done += piece;
      }
    } finally {
      descriptor.letGo();
    }
  }

  private int read(DiskFile file, ByteBuffer target, long offset) throws CorruptionException {
    try {
      return file.read(target, offset);
    } catch (IOException e) {
      throw CorruptionException.unreadable(path, offset, e);
    }
  }

  /** Closes it for good; nobody reads any more. */
  void close() throws IOException {
    closed = true;
    files.forget(this);
    Descriptor descriptor = current.getAndSet(null);
    if (descriptor != null && descriptor.holders.decrementAndGet() == 0) {
      descriptor.file.close();
    }
  }

  /** Keeps it open up to its {@link #close}. */
  void keepOpen() throws IOException {
    synchronized (this) {
      kept = true;
    }
    try {
      while (current.get() == null && !closed) {
        reopen();
      }
    } catch (IOException e) {
      if (!closed) {
        throw e;
      }
    } finally {
      files.forget(this);
    }
  }

  /** Closes it until it is read again, as soon as those who read now have ended. */
  synchronized void giveUpFile() {
    if (kept) {
      return;
    }
    Descriptor descriptor = current.getAndSet(null);
    if (descriptor != null) {
      descriptor.letGo();
    }
  }

  /** Whether it was read since this was last asked. */
  boolean takeMark() {
    boolean was = marked;
    marked = false;
    return was;
  }

  private Descriptor hold() throws IOException {
    while (true) {
      Descriptor descriptor = current.get();
      if (descriptor == null) {
        reopen();
      } else if (descriptor.tryHold()) {
        if (!marked) {
          marked = true;
        }
        return descriptor;
      }
    }
  }

  private void reopen() throws IOException {
    if (closed) {
      throw new IOException(path + " is closed");
    }
    DiskFile opened;
    try {
      opened = disk.openReadOnly(path);
    } catch (NoSuchFileException e) {
      throw new CorruptionException(path, 0, "the file was there and is missing now");
    } catch (IOException e) {
      throw CorruptionException.unreadable(path, 0, e);
    }
    if (current.compareAndSet(null, new Descriptor(opened))) {
      marked = true; // whoever opens the next must not close this one before it was read
      files.opened(this);
      if (closed) {
        close(); // meanwhile, and it may not have seen this one
      }
    } else {
      opened.close(); // another thread was faster
    }
  }

  /** An open file with the count of those who need it: this table, and each read under way. */
  private static final class Descriptor {
    private final DiskFile file;
    private final AtomicInteger holders = new AtomicInteger(1);

    Descriptor(DiskFile file) {
      this.file = file;
    }

    boolean tryHold() {
      int seen = holders.get();
      while (seen > 0) {
        if (holders.compareAndSet(seen, seen + 1)) {
          return true;
        }
        seen = holders.get();
      }
      return false;
    }

    void letGo() {
      if (holders.decrementAndGet() == 0) {
        try {
          file.close();
        } catch (IOException _) {
          // It was only read: nothing is lost, and who let go last has what it wanted.
        }
      }
    }
  }
}
