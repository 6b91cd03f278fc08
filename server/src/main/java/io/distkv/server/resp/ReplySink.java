package io.distkv.server.resp;

/** Where printed replies go: one connection's stream of bytes. */
interface ReplySink {

  /** Adds some bytes of an array, which are copied before this returns. */
  void write(byte[] source, int offset, int length);

  default void write(byte[] source) {
    write(source, 0, source.length);
  }
}
