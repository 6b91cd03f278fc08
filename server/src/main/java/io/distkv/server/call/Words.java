package io.distkv.server.call;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The words of one command, put down one after another. */
public final class Words {
  private final List<byte[]> words = new ArrayList<>(8);

  private Words() {}

  /** Begins with the command's name. */
  public static Words of(String command) {
    return new Words().add(command);
  }

  /** One more word; nobody changes the array afterwards. */
  public Words add(byte[] word) {
    words.add(word);
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
    return words.toArray(byte[][]::new);
  }

  /** The bytes of a text whose characters are one byte each. */
  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
