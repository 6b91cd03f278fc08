package io.distkv.server.call;

/** A request that says what its contract does not allow, and that no command could say. */
public final class BadRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BadRequestException(String text) {
    super(text, null, false, false);
  }

  /** What is wrong, for the client. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
