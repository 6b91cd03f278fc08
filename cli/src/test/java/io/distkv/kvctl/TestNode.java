package io.distkv.kvctl;

import java.io.IOException;
import java.net.ServerSocket;

/** A server to test against, started and stopped by the test. */
public interface TestNode extends AutoCloseable {
  int port();

  /** Kills the server without warning and starts it again, with its data, on the same port. */
  void crashAndRestart() throws IOException;

  @Override
  void close() throws IOException;

  /** What stands before its address where it is no node's gRPC address. */
  default String scheme() {
    return "";
  }

  /** Its address as the option wants it. */
  default String address() {
    return scheme() + "127.0.0.1:" + port();
  }

  /** A port that was free a moment ago. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
