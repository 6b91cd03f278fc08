package io.distkv.client.codec;

/**
 * How things of a type become bytes, and bytes such things again. Used by many threads at once: on
 * the thread that asks for an operation, and on the client's executor; never on a connection's.
 *
 * <p>What a codec throws reaches who asked for the operation as it is. A value that is written and
 * cannot be read again is found out when it is read.
 *
 * @param <T> the type
 */
public interface Codec<T> {

  /**
   * The bytes of a thing.
   *
   * @param thing to be written
   * @return an array that nobody changes any more
   */
  byte[] encode(T thing);

  /**
   * The thing that some bytes are.
   *
   * @param bytes an array that now belongs to the codec
   * @return the thing
   * @throws IllegalArgumentException if they are none
   */
  T decode(byte[] bytes);
}
