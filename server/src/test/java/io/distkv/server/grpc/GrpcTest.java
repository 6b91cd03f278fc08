package io.distkv.server.grpc;

import com.google.protobuf.ByteString;
import io.distkv.api.v1.KeyValueGrpc;
import io.distkv.api.v1.KeyValueGrpc.KeyValueBlockingStub;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.platform.SystemClock;
import io.distkv.server.LiveNode;
import io.distkv.server.trace.Tracing;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node with its gRPC front end, and a channel to it. */
@Timeout(120)
abstract class GrpcTest {
  static final KeyspaceOptions DEFAULT =
      KeyspaceOptions.of(0, "default").withHistoryMillis(600_000);
  static final KeyspaceOptions PARTS = KeyspaceOptions.of(1, "parts").withPartitions(8);

  @TempDir Path folder;
  LiveNode live;
  GrpcServer server;
  ManagedChannel channel;
  KeyValueBlockingStub keyValue;

  /** How the server under test is set up. */
  GrpcServer.Options options() {
    return options(64 << 20, Duration.ofSeconds(30), 4_096);
  }

  final GrpcServer.Options options(long memoryBytes, Duration timeout, int connections) {
    return new GrpcServer.Options(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        128,
        live.node().homeLane(),
        4_096,
        connections,
        memoryBytes,
        timeout,
        Duration.ofMinutes(5));
  }

  /** Who follows calls. */
  Tracing tracing() {
    return Tracing.off(new SystemClock());
  }

  @BeforeEach
  void start() throws IOException {
    live = LiveNode.start(folder, DEFAULT, PARTS);
    server =
        GrpcServer.start(
            live.platform().lanes(),
            live.platform().clock(),
            options(),
            live.node()::unaryCalls,
            live.node()::watches,
            tracing(),
            live.wrong()::add);
    channel = NettyChannelBuilder.forAddress(server.address()).usePlaintext().build();
    keyValue = KeyValueGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow();
    channel.awaitTermination(10, TimeUnit.SECONDS);
    server.stop(TimeUnit.SECONDS.toNanos(10));
    live.close();
  }

  static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
