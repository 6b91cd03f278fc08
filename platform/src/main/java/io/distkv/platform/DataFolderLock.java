package io.distkv.platform;

import io.distkv.base.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The claim of one process on a data folder: an operating system lock on the file {@value
 * #FILE_NAME} in it, which ends with the process however it ends. The file holds the process id of
 * its last holder and stays when the lock goes.
 */
public final class DataFolderLock implements AutoCloseable {
  /** The lock file's name in the data folder. */
  public static final String FILE_NAME = "LOCK";

  private final FileChannel channel;

  private DataFolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Claims a data folder, which is created where missing.
   *
   * @throws DataFolderInUseException if this or another process holds it
   */
  public static DataFolderLock acquire(Path folder) throws IOException {
    Path root = folder.toAbsolutePath().normalize();
    RealDisk.createDurably(root);
    Path file = root.resolve(FILE_NAME);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (tryLock(channel) == null) {
        throw new DataFolderInUseException(root, holder(channel));
      }
      writeHolder(channel, file);
      return new DataFolderLock(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    channel.read(text, 0);
    return StandardCharsets.US_ASCII.decode(text.flip()).toString().strip();
  }

  /**
   * Leaves the process id for the message of whoever comes next; always of one length, so that it
   * is overwritten in place. A full disk must not keep a node from starting: then the file stays
   * empty, and that message names nobody.
   */
  private static void writeHolder(FileChannel channel, Path file) throws IOException {
    String text = String.format(Locale.ROOT, "%-19d\n", ProcessHandle.current().pid());
    try {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
    } catch (IOException e) {
      if (!(DiskErrors.translate(file.toString(), e) instanceof DiskFullException)) {
        throw e;
      }
    }
  }

  /** Gives the folder up. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
