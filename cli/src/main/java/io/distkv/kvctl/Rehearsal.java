package io.distkv.kvctl;

import io.distkv.api.v1.Entry;
import io.distkv.api.v1.GetResponse;
import io.distkv.api.v1.KeyValueGrpc;
import io.distkv.api.v1.OperationResult;
import io.distkv.api.v1.PipelineRequest;
import io.distkv.api.v1.PipelineResponse;
import io.distkv.api.v1.PutResponse;
import io.distkv.api.v1.ScanRequest;
import io.distkv.api.v1.ScanResponse;
import io.distkv.api.v1.Value;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * What the launcher has the JVM learn from, once, after a build: the commonest commands, before
 * something in this process that answers as a node does. What it has loaded and linked by then, it
 * keeps in a file, and real runs begin with that.
 */
final class Rehearsal {
  private Rehearsal() {}

  /** Runs the commands; what they print goes nowhere. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(loopback, 0))
            .addService(new Answers())
            .build()
            .start();
    String address = "127.0.0.1:" + server.getPort();
    for (List<String> command :
        List.of(
            List.of("put", "key", "value"),
            List.of("get", "key"),
            List.of("get", "key", "-o", "json"),
            List.of("scan"))) {
      String[] line = new String[command.size() + 2];
      command.toArray(line);
      line[command.size()] = "--address";
      line[command.size() + 1] = address;
      Shell.Terminals terminals = new Shell.Terminals(false, false, false);
      OutputStream nowhere = OutputStream.nullOutputStream();
      Kvctl.run(
          new Shell(InputStream.nullInputStream(), nowhere, System.err, terminals, _ -> null),
          line);
    }
    server.shutdownNow();
    // With the other path in mind: nobody there.
    Main.main(new String[] {"get", "key", "--quiet", "--address", address});
  }

  /** Has every key. */
  private static final class Answers extends KeyValueGrpc.KeyValueImplBase {
    @Override
    public StreamObserver<PipelineRequest> pipeline(StreamObserver<PipelineResponse> client) {
      return new StreamObserver<>() {
        @Override
        public void onNext(PipelineRequest request) {
          PipelineResponse.Builder done = PipelineResponse.newBuilder();
          for (PipelineRequest.Item item : request.getItemsList()) {
            OperationResult result =
                item.getOperation().hasPut()
                    ? OperationResult.newBuilder()
                        .setPut(PutResponse.newBuilder().setVersion(1))
                        .build()
                    : OperationResult.newBuilder()
                        .setGet(GetResponse.newBuilder().setValue(Value.newBuilder().setVersion(1)))
                        .build();
            done.addItemsBuilder().setId(item.getId()).setResult(result);
          }
          client.onNext(done.build());
        }

        @Override
        public void onError(Throwable broken) {}

        @Override
        public void onCompleted() {
          client.onCompleted();
        }
      };
    }

    @Override
    public void scan(ScanRequest request, StreamObserver<ScanResponse> client) {
      client.onNext(ScanResponse.newBuilder().addEntries(Entry.newBuilder().setVersion(1)).build());
      client.onCompleted();
    }
  }
}
