package io.distkv.bench.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.distkv.api.v1.GetRequest;
import io.distkv.api.v1.KeyValueGrpc;
import io.distkv.api.v1.KeyValueGrpc.KeyValueStub;
import io.distkv.api.v1.PutRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls by the generated stub: as little of a client as there can be, the same for both servers.
 * Where one is refused because more come than the server gets done, after a disk has stood still
 * for seconds, say, another takes its place when the server asks for that, and its time is that of
 * both.
 */
final class StubContender implements Contender {
  private static final Executor WHEN_ASKED =
      CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

  private final ManagedChannel channel;
  private final KeyValueStub stub;
  private final Work work;
  private final boolean reads;
  private final ByteString value;
  private final LongAdder refused = new LongAdder();

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

  private final class End<T> implements StreamObserver<T> {
    private final Consumer<@Nullable Throwable> done;

    End(Consumer<@Nullable Throwable> done) {
      this.done = done;
    }

    @Override
    public void onNext(T message) {}

    @Override
    public void onError(Throwable thrown) {
      if (Status.fromThrowable(thrown).getCode() == Status.Code.RESOURCE_EXHAUSTED) {
        refused.increment();
        WHEN_ASKED.execute(() -> begin(done));
      } else {
        done.accept(thrown);
      }
    }

    @Override
    public void onCompleted() {
      done.accept(null);
    }
  }

  @Override
  public void close() {
    if (refused.sum() > 0) {
      System.err.println(
          refused.sum() + " calls were refused as too many, and others took their places");
    }
    channel.shutdownNow();
    try {
      channel.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
