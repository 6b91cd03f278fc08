package io.distkv.contract;

import java.io.Closeable;
import java.io.IOException;

/** A way into a node: turns operations into a protocol, and what that answers into answers. */
interface Door extends Closeable {

  /** Its name in reports and scenarios. */
  String name();

  /**
   * Does one operation and waits for its answer; refusals are answers, too.
   *
   * @throws IOException if the connection breaks, or the door does not keep to its own protocol
   */
  Answer ask(String keyspace, Operation operation) throws IOException;
}
