package io.distkv.platform;

import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A folder of this machine's file system. Paths that are absolute or climb out of the folder are
 * refused with an {@link IllegalArgumentException}, since only a defect makes them.
 *
 * <p>Threads that use it must not be interrupted: an interrupt closes the file under all its users.
 * {@link WorkerPool} never interrupts.
 */
public final class RealDisk implements Disk {
  private final Path root;
  private volatile long lastSyncNanos;

  /**
   * @param root an existing folder
   */
  public RealDisk(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** The folder that paths are relative to. */
  public Path root() {
    return root;
  }

  @Override
  public DiskFile create(String path) throws IOException {
    return openFile(
        path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  @Override
  public DiskFile open(String path) throws IOException {
    return openFile(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  @Override
  public DiskFile openReadOnly(String path) throws IOException {
    return openFile(path, StandardOpenOption.READ);
  }

  private DiskFile openFile(String path, OpenOption... options) throws IOException {
    Path file = resolve(path);
    try {
      return new RealDiskFile(file.toString(), FileChannel.open(file, options), this::synced);
    } catch (IOException e) {
      throw DiskErrors.translate(file.toString(), e);
    }
  }

  @Override
  public boolean exists(String path) {
    return Files.exists(resolve(path));
  }

  @Override
  public List<String> list(String directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(resolve(directory))) {
      for (Path entry : entries) {
        names.add(entry.getFileName().toString());
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
    Collections.sort(names);
    return List.copyOf(names);
  }

  @Override
  public void createDirectories(String directory) throws IOException {
    createDurably(resolve(directory));
  }

  /** Creates a folder and those above it, where missing, and makes each name durable. */
  static void createDurably(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      createDurably(parent);
    }
    try {
      Files.createDirectories(directory);
      if (parent != null) {
        sync(parent);
      }
    } catch (IOException e) {
      throw DiskErrors.translate(directory.toString(), e);
    }
  }

  @Override
  public void delete(String path) throws IOException {
    Files.delete(resolve(path));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    try {
      Files.move(resolve(from), resolve(to), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw DiskErrors.translate(to, e);
    }
  }

  @Override
  public void link(String existing, String additional) throws IOException {
    try {
      Files.createLink(resolve(additional), resolve(existing));
    } catch (IOException e) {
      throw DiskErrors.translate(additional, e);
    }
  }

  @Override
  public void syncDirectory(String directory) throws IOException {
    sync(resolve(directory));
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public long usableBytes() throws IOException {
    return Files.getFileStore(root).getUsableSpace();
  }

  private void synced(long nanos) {
    lastSyncNanos = nanos;
  }

  @Override
  public long lastSyncNanos() {
    return lastSyncNanos;
  }

  private Path resolve(String path) {
    if (path.isEmpty()) {
      return root;
    }
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw new IllegalArgumentException("not a path inside the data folder: \"" + path + "\"");
      }
    }
    return root.resolve(path);
  }
}
