package io.distkv.server.http.exchange;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** Compresses texts for clients that take them so. */
final class Gzip {
  /** Below this there is nothing to gain. */
  static final int LEAST_BYTES = 1024;

  private Gzip() {}

  /** Whether a client takes gzip, by its headers Accept-Encoding. */
  static boolean isAccepted(List<String> headers) {
    boolean any = false;
    for (String header : headers) {
      for (String part : header.split(",", -1)) {
        String[] words = part.strip().toLowerCase(Locale.ROOT).split("\\s*;\\s*", 2);
        boolean wanted = words.length == 1 || !words[1].matches("q\\s*=\\s*0(\\.0{0,3})?");
        if (words[0].equals("gzip") || words[0].equals("x-gzip")) {
          return wanted;
        }
        any |= words[0].equals("*") && wanted;
      }
    }
    return any;
  }

  static byte[] compress(byte[] bytes, int offset, int length) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream(length / 4 + 64);
    try (GZIPOutputStream out = new GZIPOutputStream(compressed, 8 * 1024)) {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return compressed.toByteArray();
  }
}
