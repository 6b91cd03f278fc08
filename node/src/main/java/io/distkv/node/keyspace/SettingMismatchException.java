package io.distkv.node.keyspace;

/**
 * A setting contradicts what a data folder was created with; the message names the setting, both
 * values, and the way out.
 */
public final class SettingMismatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SettingMismatchException(String message) {
    super(message);
  }
}
