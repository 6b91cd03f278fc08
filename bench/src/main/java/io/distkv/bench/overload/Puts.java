package io.distkv.bench.overload;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.distkv.api.v1.KeyValueGrpc;
import io.distkv.api.v1.KeyValueGrpc.KeyValueStub;
import io.distkv.api.v1.PutRequest;
import io.distkv.api.v1.PutResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Puts over gRPC on several connections, begun by one thread, never tried again. */
final class Puts implements AutoCloseable {
  private static final int CONNECTIONS = 4;
  private static final int KEYS = 100_000;
  private static final long DEADLINE_SECONDS = 10;

  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<KeyValueStub> stubs = new ArrayList<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private final SplittableRandom random = new SplittableRandom(1);
  private final ByteString value;
  private int next;

  /** What a put ended with. */
  interface End {
    void ended(Status.Code status);
  }

  Puts(String address, int valueBytes) {
    value = UnsafeByteOperations.unsafeWrap(new byte[valueBytes]);
    for (int i = 0; i < CONNECTIONS; i++) {
      ManagedChannel channel =
          NettyChannelBuilder.forTarget(address).usePlaintext().directExecutor().build();
      channels.add(channel);
      stubs.add(KeyValueGrpc.newStub(channel));
    }
  }

  int underWay() {
    return underWay.get();
  }

  void begin(End end) {
    underWay.incrementAndGet();
    PutRequest request =
        PutRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8("key" + random.nextInt(KEYS)))
            .setValue(value)
            .build();
    stubs
        .get(next++ % CONNECTIONS)
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
        .put(
            request,
            new StreamObserver<>() {
              @Override
              public void onNext(PutResponse response) {}

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
