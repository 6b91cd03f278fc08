package io.distkv.server.call;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The words of one command, put down one after another. */
public final class Words {
  private static final int FEW = 8;

  private byte[][] words = new byte[FEW][];
  private int count;

  private Words() {}

  /** Begins with the command's name. */
  public static Words of(String command) {
    return of(ascii(command));
  }

  /** Likewise; nobody changes the array afterwards. */
  public static Words of(byte[] command) {
    return new Words().add(command);
  }

  /** One more word; nobody changes the array afterwards. */
  public Words add(byte[] word) {
    if (count == words.length) {
      words = Arrays.copyOf(words, 2 * count);
    }
    words[count++] = word;
    return this;
  }

  /** One more word, of characters that are one byte each. */
  public Words add(String word) {
    return add(ascii(word));
  }

  /** A word and the number behind it, which has no sign. */
  public Words add(String word, long number) {
    return add(word).add(Long.toUnsignedString(number));
  }

  /** All words. */
  public byte[][] end() {
    return Arrays.copyOf(words, count);
  }

  /** The bytes of a text whose characters are one byte each. */
  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
