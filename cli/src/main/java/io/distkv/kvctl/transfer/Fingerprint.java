package io.distkv.kvctl.transfer;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What tells one input file from another, and from itself before an edit: size, time of the last
 * change, and a SHA-256 of its first and last mebibyte. Reading all of a large file would cost as
 * much as importing it.
 */
record Fingerprint(long bytes, long modifiedMillis, String sha256) {
  private static final int SAMPLE_BYTES = 1 << 20;

  static Fingerprint of(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest(file, 0, digest);
      digest(file, Math.max(0, file.length() - SAMPLE_BYTES), digest);
      return new Fingerprint(
          file.length(),
          Files.getLastModifiedTime(path).toMillis(),
          HexFormat.of().formatHex(digest.digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static void digest(RandomAccessFile file, long from, MessageDigest digest)
      throws IOException {
    byte[] sample = new byte[(int) Math.min(SAMPLE_BYTES, file.length() - from)];
    file.seek(from);
    file.readFully(sample);
    digest.update(sample);
  }
}
