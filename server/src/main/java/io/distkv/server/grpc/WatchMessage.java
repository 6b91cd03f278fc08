package io.distkv.server.grpc;

import io.distkv.api.v1.KeyValueGrpc;
import io.distkv.api.v1.WatchRequest;
import io.distkv.api.v1.WatchResponse;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * A {@link WatchResponse} as the wire has it, in pieces: one after the other, parts of a protobuf
 * message are the message. So what many are told is copied for each of them, and not made anew.
 *
 * @param pieces not to be changed
 */
record WatchMessage(List<byte[]> pieces) {

  /** The method with such messages for answers. */
  static MethodDescriptor<WatchRequest, WatchMessage> method() {
    MethodDescriptor<WatchRequest, WatchResponse> generated = KeyValueGrpc.getWatchMethod();
    return generated.toBuilder(generated.getRequestMarshaller(), new Marshaller()).build();
  }

  private static final class Marshaller implements MethodDescriptor.Marshaller<WatchMessage> {
    @Override
    public InputStream stream(WatchMessage message) {
      return new Pieces(message.pieces);
    }

    @Override
    public WatchMessage parse(InputStream stream) {
      throw new UnsupportedOperationException("a server gets no answers");
    }
  }

  /** Reads pieces one after the other. */
  private static final class Pieces extends InputStream implements KnownLength, Drainable {
    private final List<byte[]> pieces;
    private int piece;
    private int offset;

    Pieces(List<byte[]> pieces) {
      this.pieces = pieces;
    }

    @Override
    public int available() {
      int left = -offset;
      for (int i = piece; i < pieces.size(); i++) {
        left += pieces.get(i).length;
      }
      return left;
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int drained = available();
      for (; piece < pieces.size(); piece++) {
        byte[] bytes = pieces.get(piece);
        target.write(bytes, offset, bytes.length - offset);
        offset = 0;
      }
      return drained;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int mostBytes) {
      while (piece < pieces.size() && offset == pieces.get(piece).length) {
        piece++;
        offset = 0;
      }
      if (piece == pieces.size()) {
        return -1;
      }
      byte[] bytes = pieces.get(piece);
      int count = Math.min(mostBytes, bytes.length - offset);
      System.arraycopy(bytes, offset, into, from, count);
      offset += count;
      return count;
    }
  }
}
