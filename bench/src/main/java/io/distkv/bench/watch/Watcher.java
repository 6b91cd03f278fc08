package io.distkv.bench.watch;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.distkv.api.v1.Change;
import io.distkv.api.v1.KeyValueGrpc;
import io.distkv.api.v1.WatchRequest;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One watch that counts what it is told, and as little else as there can be: with a thousand of
 * them on the same machine, what they cost is taken from the node.
 */
final class Watcher extends ClientCall.Listener<byte[]> {
  private static final int CHANGES_FIELD = 1;

  private static final MethodDescriptor<WatchRequest, byte[]> WATCH =
      KeyValueGrpc.getWatchMethod().toBuilder(
              KeyValueGrpc.getWatchMethod().getRequestMarshaller(),
              new MethodDescriptor.Marshaller<byte[]>() {
                @Override
                public InputStream stream(byte[] message) {
                  return new ByteArrayInputStream(message);
                }

                @Override
                public byte[] parse(InputStream message) {
                  try {
                    return message.readAllBytes();
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                }
              })
          .build();

  private final ClientCall<WatchRequest, byte[]> call;
  private final @Nullable Histogram lag;
  private volatile long messages;
  private volatile long changes;
  private volatile @Nullable Status ended;

  private Watcher(ClientCall<WatchRequest, byte[]> call, @Nullable Histogram lag) {
    this.call = call;
    this.lag = lag;
  }

  /**
   * Begins to watch.
   *
   * @param keys what it watches
   * @param lag takes how old each change is when it comes; null to look into none
   */
  static Watcher start(ManagedChannel channel, WatchRequest keys, @Nullable Histogram lag) {
    Watcher watcher = new Watcher(channel.newCall(WATCH, CallOptions.DEFAULT), lag);
    watcher.call.start(watcher, new Metadata());
    watcher.call.sendMessage(keys);
    watcher.call.halfClose();
    watcher.call.request(1);
    return watcher;
  }

  /** Whether it has been told where it begins. */
  boolean hasBegun() {
    return messages > 0;
  }

  /** How many changes it was told. */
  long changes() {
    return changes;
  }

  long messages() {
    return messages;
  }

  /** Why it is over; null while it is not. */
  @Nullable Status ended() {
    return ended;
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
  public void onMessage(byte[] message) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(message);
      int found = 0;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (WireFormat.getTagFieldNumber(tag) != CHANGES_FIELD) {
          in.skipField(tag);
        } else {
          found++;
          if (lag == null) {
            in.skipField(tag);
          } else {
            Change change = Change.parseFrom(in.readByteBuffer());
            long written = change.getValue().asReadOnlyByteBuffer().getLong();
            lag.recordValue(Math.max(0, System.nanoTime() - written));
          }
        }
      }
      changes += found;
      messages++;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    call.request(1);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    ended = status;
  }
}
