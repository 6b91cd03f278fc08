package io.distkv.kvctl;

import io.distkv.kvctl.text.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The exact bytes of this process's arguments.
 *
 * <p>Java decodes arguments with the locale's charset and replaces what does not fit, which would
 * damage keys. Linux shows the original bytes in {@code /proc}; elsewhere Java's decoding stands.
 */
final class RawArguments {
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  private RawArguments() {}

  /** The arguments as carried strings (see {@link Bytes}). */
  static String[] recover(String[] decoded) {
    byte[] all;
    try {
      all = Files.readAllBytes(COMMAND_LINE);
    } catch (IOException e) {
      return decoded;
    }
    return recover(decoded, all);
  }

  /** The last arguments of a command line whose parts each end with a zero byte. */
  static String[] recover(String[] decoded, byte[] commandLine) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < commandLine.length; i++) {
      if (commandLine[i] == 0) {
        byte[] part = Arrays.copyOfRange(commandLine, start, i);
        parts.add(Bytes.carry(part));
        start = i + 1;
      }
    }
    if (parts.size() < decoded.length) {
      return decoded;
    }
    return parts.subList(parts.size() - decoded.length, parts.size()).toArray(new String[0]);
  }
}
