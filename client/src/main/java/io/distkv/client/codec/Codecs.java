package io.distkv.client.codec;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** The codecs that need nothing but the JDK. */
public final class Codecs {
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

  private static byte[] encodeUtf8(String text) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] array = new byte[bytes.remaining()];
      bytes.get(array);
      return array;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("text that has half a surrogate pair", e);
    }
  }

  private static String decodeUtf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("bytes that are no UTF-8", e);
    }
  }
}
