package io.distkv.client.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;

/** The codecs that need nothing but the JDK. */
public final class Codecs {
  private static final char REPLACEMENT = '\ufffd';
  private static final Codec<byte[]> BYTES = of(bytes -> bytes, bytes -> bytes);
  private static final Codec<String> UTF_8 = of(Codecs::encodeUtf8, Codecs::decodeUtf8);
  private static final Codec<Long> DECIMAL =
      of(number -> encodeUtf8(Long.toString(number)), bytes -> Long.valueOf(decodeUtf8(bytes)));

  private Codecs() {}

  /**
   * Bytes as they are. An array that is written must not be changed until the operation is done.
   *
   * @return the codec
   */
  public static Codec<byte[]> bytes() {
    return BYTES;
  }

  /**
   * Text in UTF-8. Text with half a surrogate pair, and bytes that are no UTF-8, are refused with
   * IllegalArgumentException.
   *
   * @return the codec
   */
  public static Codec<String> utf8() {
    return UTF_8;
  }

  /**
   * Whole numbers in decimal, as increments count with them.
   *
   * @return the codec
   */
  public static Codec<Long> decimal() {
    return DECIMAL;
  }

  /**
   * A codec of two functions.
   *
   * @param encode gives the bytes of a thing
   * @param decode gives the thing that some bytes are
   * @param <T> the type of things
   * @return the codec
   */
  public static <T> Codec<T> of(Function<T, byte[]> encode, Function<byte[], T> decode) {
    return new Codec<>() {
      @Override
      public byte[] encode(T thing) {
        return encode.apply(thing);
      }

      @Override
      public T decode(byte[] bytes) {
        return decode.apply(bytes);
      }
    };
  }

  /** Half a surrogate pair becomes a question mark, and would be read as one. */
  private static byte[] encodeUtf8(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (!new String(bytes, StandardCharsets.UTF_8).equals(text)) {
      throw new IllegalArgumentException("text that has half a surrogate pair");
    }
    return bytes;
  }

  /** What is no UTF-8 becomes a replacement character, which may also be what was written. */
  private static String decodeUtf8(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0
        && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
      throw new IllegalArgumentException("bytes that are no UTF-8");
    }
    return text;
  }
}
