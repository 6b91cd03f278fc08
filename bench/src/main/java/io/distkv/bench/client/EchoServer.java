package io.distkv.bench.client;

import com.google.protobuf.ByteString;
import io.distkv.api.v1.GetRequest;
import io.distkv.api.v1.GetResponse;
import io.distkv.api.v1.KeyValueGrpc;
import io.distkv.api.v1.PutRequest;
import io.distkv.api.v1.PutResponse;
import io.distkv.api.v1.Value;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * What grpc-java itself can do: the same messages as a node's, of the same sizes, with nothing
 * behind them. A program of its own, so that it has a process of its own; its one line tells its
 * two addresses: of the server that answers on the event loop, as only a server can that never
 * blocks, and of the one that grpc-java makes where nothing is said, which hands each call to a
 * thread of a pool.
 */
public final class EchoServer extends KeyValueGrpc.KeyValueImplBase {
  private final GetResponse found;

  private EchoServer(int valueBytes) {
    found =
        GetResponse.newBuilder()
            .setValue(
                Value.newBuilder()
                    .setValue(ByteString.copyFrom(new byte[valueBytes]))
                    .setVersion(Long.MAX_VALUE))
            .build();
  }

  static Server start(int valueBytes, boolean onEventLoop) throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new EchoServer(valueBytes));
    if (onEventLoop) {
      builder.directExecutor();
    }
    return builder.build().start();
  }

  static String address(Server server) {
    InetSocketAddress address =
        (InetSocketAddress) List.copyOf(server.getListenSockets()).getFirst();
    return "127.0.0.1:" + address.getPort();
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    int valueBytes = Integer.parseInt(args[0]);
    Server direct = start(valueBytes, true);
    Server pooled = start(valueBytes, false);
    System.out.println(address(direct) + " " + address(pooled));
    System.out.flush();
    // Whoever started it ends it by closing its standard input, by dying, say.
    System.in.transferTo(OutputStream.nullOutputStream());
    direct.shutdownNow().awaitTermination();
    pooled.shutdownNow().awaitTermination();
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> client) {
    client.onNext(found);
    client.onCompleted();
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> client) {
    client.onNext(PutResponse.newBuilder().setVersion(Long.MAX_VALUE).build());
    client.onCompleted();
  }
}
