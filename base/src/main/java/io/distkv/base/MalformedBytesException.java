package io.distkv.base;

/**
 * Bytes that do not have the format their reader expects: cut short, or with a length that cannot
 * be.
 */
public final class MalformedBytesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MalformedBytesException(String message) {
    super(message);
  }
}
