package io.distkv.kvctl.wire;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** No connection to the node, or it broke; the message is a whole sentence for the user. */
public final class ConnectionException extends IOException {
  ConnectionException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
