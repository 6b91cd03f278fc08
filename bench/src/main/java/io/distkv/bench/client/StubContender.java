package io.distkv.bench.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.distkv.api.v1.GetRequest;
import io.distkv.api.v1.KeyValueGrpc;
import io.distkv.api.v1.KeyValueGrpc.KeyValueStub;
import io.distkv.api.v1.PutRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls by the generated stub: as little of a client as there can be, the same for both servers.
 */
final class StubContender implements Contender {
  private final ManagedChannel channel;
  private final KeyValueStub stub;
  private final Work work;
  private final boolean reads;
  private final ByteString value;

  StubContender(String address, Work work, boolean reads) {
    this.channel = NettyChannelBuilder.forTarget(address).usePlaintext().directExecutor().build();
    this.stub = KeyValueGrpc.newStub(channel);
    this.work = work;
    this.reads = reads;
    this.value = UnsafeByteOperations.unsafeWrap(work.value());
  }

  @Override
  public void begin(Consumer<@Nullable Throwable> done) {
    ByteString key = UnsafeByteOperations.unsafeWrap(work.randomKey());
    if (reads) {
      stub.get(GetRequest.newBuilder().setKey(key).build(), new End<>(done));
    } else {
      stub.put(PutRequest.newBuilder().setKey(key).setValue(value).build(), new End<>(done));
    }
  }

  private record End<T>(Consumer<@Nullable Throwable> done) implements StreamObserver<T> {
    @Override
    public void onNext(T message) {}

    @Override
    public void onError(Throwable thrown) {
      done.accept(thrown);
    }

    @Override
    public void onCompleted() {
      done.accept(null);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
