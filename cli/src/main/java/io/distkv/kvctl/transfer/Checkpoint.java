package io.distkv.kvctl.transfer;

import io.distkv.kvctl.LocalFiles;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A small file beside the input that says how far an import has come. It is replaced as a whole
 * (written, synced, renamed), so that at any instant it is an old one or a new one.
 *
 * @param version of the file's form
 * @param input what the input looked like
 * @param job where to and how it is imported; another job is another import
 * @param tally how far it has come
 * @param badFileBytes how long the file of refused pieces was then
 */
record Checkpoint(int version, Fingerprint input, String job, Tally tally, long badFileBytes) {
  private static final int VERSION = 1;
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  Checkpoint(Fingerprint input, String job, Tally tally, long badFileBytes) {
    this(VERSION, input, job, tally, badFileBytes);
  }

  /** Reads a checkpoint; null where there is none or none that can be understood. */
  static @Nullable Checkpoint read(Path path) {
    try {
      @Nullable Checkpoint read = MAPPER.readValue(Files.readAllBytes(path), Checkpoint.class);
      return read != null && read.version == VERSION ? read : null;
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw LocalFiles.failure("read", path, e);
    } catch (JacksonException e) {
      // Not one of ours, or one that somebody edited: an import from the beginning is always right.
      return null;
    }
  }

  /** Replaces the file. */
  void write(Path path) throws IOException {
    Path temporary = path.resolveSibling(path.getFileName() + ".new");
    try (FileOutputStream out = new FileOutputStream(temporary.toFile())) {
      out.write(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
      out.getFD().sync();
    }
    Files.move(
        temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
