package io.distkv.kvctl.transfer;

import io.distkv.kvctl.LocalFiles;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * The file that refused pieces are copied to, as they stand in the input, so that it can be mended
 * and imported in its turn.
 *
 * <p>After a resumed run it holds each refused piece once: it is cut back to the length that it had
 * when the checkpoint was taken.
 */
final class BadFile implements Closeable {
  private final Path path;
  private final RandomAccessFile file;

  private BadFile(Path path, RandomAccessFile file) {
    this.path = path;
    this.file = file;
  }

  /**
   * Opens the file and cuts it to a length; a new one begins with the heading.
   *
   * @param length 0 for a run from the beginning
   */
  static BadFile open(Path path, long length, byte[] heading) {
    try {
      RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
      file.setLength(Math.min(file.length(), length));
      file.seek(file.length());
      if (file.length() == 0) {
        file.write(heading);
      }
      return new BadFile(path, file);
    } catch (IOException e) {
      throw LocalFiles.failure("write", path, e);
    }
  }

  void add(Piece piece) {
    byte[] raw = piece.raw();
    try {
      file.write(raw);
      if (raw.length > 0 && raw[raw.length - 1] != '\n') {
        file.write('\n');
      }
    } catch (IOException e) {
      throw LocalFiles.failure("write", path, e);
    }
  }

  long length() {
    try {
      return file.length();
    } catch (IOException e) {
      throw LocalFiles.failure("measure", path, e);
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
