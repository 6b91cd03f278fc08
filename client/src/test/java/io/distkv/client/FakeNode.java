package io.distkv.client;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import io.distkv.api.v1.ErrorDetail;
import io.distkv.api.v1.GetRequest;
import io.distkv.api.v1.GetResponse;
import io.distkv.api.v1.KeyValueGrpc;
import io.distkv.api.v1.PipelineRequest;
import io.distkv.api.v1.PipelineResponse;
import io.distkv.api.v1.PutRequest;
import io.distkv.api.v1.PutResponse;
import io.distkv.api.v1.ScanRequest;
import io.distkv.api.v1.ScanResponse;
import io.distkv.api.v1.WatchRequest;
import io.distkv.api.v1.WatchResponse;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** A node behind a real socket whose every answer the test decides. */
final class FakeNode implements Closeable {
  final AtomicInteger gets = new AtomicInteger();
  final AtomicInteger puts = new AtomicInteger();
  final AtomicInteger pipelines = new AtomicInteger();
  final Queue<Metadata> headers = new ConcurrentLinkedQueue<>();

  volatile BiConsumer<GetRequest, StreamObserver<GetResponse>> onGet = (_, _) -> {};
  volatile BiConsumer<PutRequest, StreamObserver<PutResponse>> onPut = (_, _) -> {};
  volatile BiConsumer<ScanRequest, StreamObserver<ScanResponse>> onScan = (_, _) -> {};
  volatile BiConsumer<WatchRequest, StreamObserver<WatchResponse>> onWatch = (_, _) -> {};
  volatile Function<StreamObserver<PipelineResponse>, StreamObserver<PipelineRequest>> onPipeline =
      FakeNode::ignore;

  private final Server server;

  private FakeNode(int port) throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .directExecutor()
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .intercept(new KeepsHeaders())
            .addService(new Service())
            .build()
            .start();
  }

  static FakeNode start() throws IOException {
    return new FakeNode(0);
  }

  static FakeNode startAt(int port) throws IOException {
    return new FakeNode(port);
  }

  int port() {
    return ((InetSocketAddress) List.copyOf(server.getListenSockets()).getFirst()).getPort();
  }

  String address() {
    return "127.0.0.1:" + port();
  }

  /** Breaks all connections, in the middle of whatever is under way, and listens no longer. */
  @Override
  public void close() throws IOException {
    server.shutdownNow();
    try {
      server.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  static StatusRuntimeException failure(
      Code status, io.distkv.api.v1.ErrorCode code, String text, int retryAfterMillis) {
    ErrorDetail detail =
        ErrorDetail.newBuilder().setCode(code).setRetryAfterMillis(retryAfterMillis).build();
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(status.getNumber())
            .setMessage(text)
            .addDetails(Any.pack(detail))
            .build());
  }

  static StatusRuntimeException overloaded() {
    return failure(
        Code.RESOURCE_EXHAUSTED, io.distkv.api.v1.ErrorCode.OVERLOADED, "too much to do", 1);
  }

  static <T> void answer(StreamObserver<T> client, T message) {
    client.onNext(message);
    client.onCompleted();
  }

  static StreamObserver<PipelineRequest> ignore(StreamObserver<PipelineResponse> client) {
    return each(_ -> {});
  }

  /** What takes each message of a pipeline. */
  static StreamObserver<PipelineRequest> each(
      java.util.function.Consumer<PipelineRequest> message) {
    return new StreamObserver<>() {
      @Override
      public void onNext(PipelineRequest request) {
        message.accept(request);
      }

      @Override
      public void onError(Throwable broken) {}

      @Override
      public void onCompleted() {}
    };
  }

  private final class KeepsHeaders implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata metadata, ServerCallHandler<Q, R> next) {
      headers.add(metadata);
      return next.startCall(call, metadata);
    }
  }

  private final class Service extends KeyValueGrpc.KeyValueImplBase {
    @Override
    public void get(GetRequest request, StreamObserver<GetResponse> client) {
      gets.incrementAndGet();
      onGet.accept(request, client);
    }

    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> client) {
      puts.incrementAndGet();
      onPut.accept(request, client);
    }

    @Override
    public void scan(ScanRequest request, StreamObserver<ScanResponse> client) {
      onScan.accept(request, client);
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<WatchResponse> client) {
      onWatch.accept(request, client);
    }

    @Override
    public StreamObserver<PipelineRequest> pipeline(StreamObserver<PipelineResponse> client) {
      pipelines.incrementAndGet();
      return onPipeline.apply(client);
    }
  }
}
