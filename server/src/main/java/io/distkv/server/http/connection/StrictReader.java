package io.distkv.server.http.connection;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import java.util.function.Supplier;

/**
 * Reads a connection, and takes for the end of a line only what is one. Helidon passes over the two
 * bytes behind a chunk without a look at them; whoever stands between client and node and does look
 * would see other requests than the node does.
 */
final class StrictReader extends DataReader {
  private static final int LINE_END_BYTES = 2;

  private boolean inData;

  @SuppressWarnings("removal") // The way to make one that is no subclass remains.
  StrictReader(Supplier<byte[]> bytes) {
    super(bytes);
  }

  @Override
  public void skip(int count) {
    if (count == LINE_END_BYTES && !inData && !startsWithNewLine()) {
      throw new IllegalStateException("no end of a line where one must be");
    }
    super.skip(count);
  }

  @Override
  public BufferData readBuffer(int length) {
    inData = true;
    try {
      return super.readBuffer(length);
    } finally {
      inData = false;
    }
  }

  @Override
  public BufferData readBuffer() {
    inData = true;
    try {
      return super.readBuffer();
    } finally {
      inData = false;
    }
  }
}
