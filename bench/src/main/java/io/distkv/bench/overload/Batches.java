package io.distkv.bench.overload;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.distkv.api.v1.BatchRequest;
import io.distkv.api.v1.KeyValueGrpc;
import io.distkv.api.v1.Operation;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Batches of puts over gRPC on several connections, begun by one thread, never tried again. Their
 * bytes are made beforehand and answers are not read, so that a batch costs the node many times
 * what it costs here: a generator that is short of processor time itself would offer less than it
 * says.
 */
final class Batches implements AutoCloseable {
  private static final int CONNECTIONS = 64;
  private static final int KEYS = 100_000;
  private static final int MADE = 1_000;
  private static final long DEADLINE_SECONDS = 10;

  private static final MethodDescriptor<byte[], Boolean> METHOD =
      KeyValueGrpc.getBatchMethod().toBuilder(new Made(), new Unread()).build();

  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<byte[]> made = new ArrayList<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private int next;

  /** What a batch ended with. */
  interface End {
    void ended(Status.Code status);
  }

  /** The request as its bytes. */
  private static final class Made implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      throw new UnsupportedOperationException();
    }
  }

  /** An answer whose coming alone is of interest. */
  private static final class Unread implements MethodDescriptor.Marshaller<Boolean> {
    @Override
    public InputStream stream(Boolean message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Boolean parse(InputStream stream) {
      return true;
    }
  }

  /**
   * @param puts of a batch
   */
  Batches(String address, int puts, int valueBytes) {
    SplittableRandom random = new SplittableRandom(1);
    ByteString value = UnsafeByteOperations.unsafeWrap(new byte[valueBytes]);
    for (int i = 0; i < MADE; i++) {
      BatchRequest.Builder batch = BatchRequest.newBuilder();
      for (int j = 0; j < puts; j++) {
        ByteString key = ByteString.copyFromUtf8("key" + random.nextInt(KEYS));
        Operation.Put.Builder put = Operation.Put.newBuilder().setKey(key).setValue(value);
        batch.addOperations(Operation.newBuilder().setPut(put));
      }
      made.add(batch.build().toByteArray());
    }
    for (int i = 0; i < CONNECTIONS; i++) {
      channels.add(NettyChannelBuilder.forTarget(address).usePlaintext().directExecutor().build());
    }
  }

  int underWay() {
    return underWay.get();
  }

  void begin(End end) {
    underWay.incrementAndGet();
    ManagedChannel channel = channels.get(next % CONNECTIONS);
    byte[] batch = made.get(next % MADE);
    next++;
    ClientCalls.asyncUnaryCall(
        channel.newCall(
            METHOD, CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)),
        batch,
        new StreamObserver<>() {
          @Override
          public void onNext(Boolean response) {}

          @Override
          public void onError(Throwable thrown) {
            over(Status.fromThrowable(thrown).getCode());
          }

          @Override
          public void onCompleted() {
            over(Status.Code.OK);
          }

          private void over(Status.Code status) {
            underWay.decrementAndGet();
            end.ended(status);
          }
        });
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
