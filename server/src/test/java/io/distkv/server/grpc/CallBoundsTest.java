package io.distkv.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.distkv.api.v1.GetRequest;
import io.distkv.api.v1.KeyValueGrpc;
import io.distkv.api.v1.KeyValueGrpc.KeyValueBlockingStub;
import io.distkv.api.v1.PutRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Bounds that hold before a message is there as a whole, and calls that no client makes. */
class CallBoundsTest extends GrpcTest {
  private static final String PUT = "/distkv.v1.KeyValue/Put";
  private static final String RESOURCE_EXHAUSTED = "8";
  private static final String DEADLINE_EXCEEDED = "4";
  private static final int CONNECTIONS = 3;

  @Override
  GrpcServer.Options options() {
    return options(1 << 20, Duration.ofMillis(500), CONNECTIONS);
  }

  private static PutRequest put(int bytes) {
    return PutRequest.newBuilder()
        .setKey(bytes("k"))
        .setValue(ByteString.copyFrom(new byte[bytes]))
        .build();
  }

  private List<MetricSnapshot> metrics() {
    List<MetricSnapshot> all = new ArrayList<>();
    server.metrics().collect(all::add);
    return all;
  }

  private double gauge(String name) {
    return metrics().stream()
        .filter(metric -> metric.getMetadata().getName().equals(name))
        .map(metric -> ((GaugeSnapshot) metric).getDataPoints().getFirst().getValue())
        .findFirst()
        .orElseThrow();
  }

  private double counter(String name, String label, String value) {
    return metrics().stream()
        .filter(metric -> metric.getMetadata().getName().equals(name))
        .flatMap(metric -> ((CounterSnapshot) metric).getDataPoints().stream())
        .filter(point -> value.equals(point.getLabels().get(label)))
        .mapToDouble(point -> point.getValue())
        .sum();
  }

  @Test
  void messagesThatDoNotFitTogetherAreRefusedWhileTheyCome() throws Exception {
    try (RawStreams raw = new RawStreams(server.address())) {
      RawStreams.Call first = raw.begin(PUT).announce(4 << 20).send(new byte[900 << 10], false);
      await().until(() -> gauge("distkv_grpc_message_bytes") > 800 << 10);
      RawStreams.Call second = raw.begin(PUT).announce(4 << 20).send(new byte[500 << 10], false);
      assertThat(second.status()).isEqualTo(RESOURCE_EXHAUSTED);
      assertThat(first.hasEnded()).isFalse();
      // Who sends little does not notice.
      keyValue.put(put(50_000));
      first.reset();
      await().until(() -> gauge("distkv_grpc_message_bytes") == 0);
      keyValue.put(put(900 << 10));
      assertThat(counter("distkv_grpc_refusals", "reason", "memory")).isEqualTo(1);
    }
    await().until(() -> gauge("distkv_grpc_message_bytes") == 0);
  }

  /** The last piece of a message may be the one that there is no memory for. */
  @Test
  void aWriteThatThereIsNoMemoryForIsNotDone() throws Exception {
    try (RawStreams raw = new RawStreams(server.address())) {
      raw.begin(PUT).announce(4 << 20).send(new byte[1 << 20], false);
      await().until(() -> gauge("distkv_grpc_message_bytes") > 950 << 10);
      for (int i = 0; i < 30; i++) {
        ByteString key = bytes("k" + i);
        PutRequest put = put((150 + 10 * i) << 10).toBuilder().setKey(key).build();
        refusedForMemory(() -> keyValue.put(put));
        GetRequest get = GetRequest.newBuilder().setKey(key).build();
        assertThat(keyValue.get(get).hasValue()).as("value %d", i).isFalse();
      }
    }
    await().until(() -> gauge("distkv_grpc_message_bytes") == 0);
  }

  /** What comes compressed takes what it becomes. */
  @Test
  void aCompressedMessageIsNoWayAroundTheMemory() {
    KeyValueBlockingStub compressing = keyValue.withCompression("gzip");
    refusedForMemory(() -> compressing.put(put(2 << 20)));
    assertThat(keyValue.get(GetRequest.newBuilder().setKey(bytes("k")).build()).hasValue())
        .isFalse();
    await().until(() -> gauge("distkv_grpc_message_bytes") == 0);
    compressing.put(put(900 << 10));
    await().until(() -> gauge("distkv_grpc_message_bytes") == 0);
  }

  private static void refusedForMemory(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            thrown -> {
              assertThat(thrown.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
              assertThat(thrown.getStatus().getDescription()).contains("nothing was done");
            });
  }

  @Test
  void aMessageThatComesTooSlowlyIsRefused() throws Exception {
    try (RawStreams raw = new RawStreams(server.address())) {
      RawStreams.Call nothing = raw.begin(PUT);
      RawStreams.Call some = raw.begin(PUT).announce(100).send(new byte[50], false);
      RawStreams.Call stream = raw.begin("/distkv.v1.KeyValue/Pipeline");
      assertThat(nothing.status()).isEqualTo(DEADLINE_EXCEEDED);
      assertThat(some.status()).isEqualTo(DEADLINE_EXCEEDED);
      assertThat(stream.status()).isEqualTo(DEADLINE_EXCEEDED);
      assertThat(counter("distkv_grpc_refusals", "reason", "timeout")).isEqualTo(3);
    }
    keyValue.put(put(1));
  }

  @Test
  void aMessageOverTheLimitIsRefusedByItsHead() throws Exception {
    try (RawStreams raw = new RawStreams(server.address())) {
      assertThat(raw.begin(PUT).announce(100 << 20).status()).isEqualTo(RESOURCE_EXHAUSTED);
    }
  }

  /** To read it first, only to refuse it then, would cost as much as is left for the others. */
  @Test
  void aWriteIsRefusedByItsHeadersWhereALaneHasTooMany() throws Exception {
    CompletableFuture<Void> held = new CompletableFuture<>();
    keyValue.put(put(1));
    try (RawStreams raw = new RawStreams(server.address())) {
      // Not before there are connections: it may be the one that takes them.
      live.platform().lane(1 - live.node().homeLane()).complete(held::join);
      for (int i = 0; i < 1_000; i++) {
        PutRequest put = put(1).toBuilder().setKeyspace("parts").setKey(bytes("k" + i)).build();
        var _ = KeyValueGrpc.newFutureStub(channel).put(put);
      }
      // A call that is not refused awaits its message.
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> raw.begin(PUT).status().equals(RESOURCE_EXHAUSTED));
      keyValue.get(GetRequest.newBuilder().setKey(bytes("k")).build());
    } finally {
      held.complete(null);
    }
    await().until(() -> !refusesWrites());
  }

  private boolean refusesWrites() {
    try {
      keyValue.put(put(1));
      return false;
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      return true;
    }
  }

  @Test
  void oneConnectionTooManyIsClosed() throws Exception {
    keyValue.get(GetRequest.newBuilder().setKey(bytes("k")).build());
    try (RawStreams second = new RawStreams(server.address())) {
      try (RawStreams third = new RawStreams(server.address())) {
        await().until(() -> gauge("distkv_grpc_connections") == CONNECTIONS);
        ManagedChannel fourth =
            NettyChannelBuilder.forAddress(server.address()).usePlaintext().build();
        try {
          assertThatThrownBy(() -> KeyValueGrpc.newBlockingStub(fourth).put(put(1)))
              .isInstanceOfSatisfying(
                  StatusRuntimeException.class,
                  thrown ->
                      assertThat(thrown.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
        } finally {
          fourth.shutdownNow();
        }
        assertThat(counter("distkv_grpc_refusals", "reason", "connections")).isPositive();
        assertThat(third).isNotNull();
      }
      await().until(() -> gauge("distkv_grpc_connections") == CONNECTIONS - 1);
      try (RawStreams another = new RawStreams(server.address())) {
        assertThat(another.begin(PUT).send(new byte[0], true).status()).isNotEqualTo("closed");
      }
      assertThat(second).isNotNull();
    }
  }

  @Test
  void callsAreCountedByMethodAndStatus() throws Exception {
    keyValue.put(put(1));
    try (RawStreams raw = new RawStreams(server.address())) {
      raw.begin("/distkv.v1.KeyValue/NoSuch").send(new byte[0], true).status();
    }
    await()
        .untilAsserted(() -> {
          assertThat(counter("distkv_grpc_calls", "method", "distkv.v1.KeyValue/Put")).isEqualTo(1);
          assertThat(counter("distkv_grpc_calls", "status", "unimplemented")).isEqualTo(1);
          assertThat(counter("distkv_grpc_calls", "method", "other")).isEqualTo(1);
          assertThat(gauge("distkv_grpc_calls_under_way")).isZero();
        });
  }

  /** Whatever comes, each call ends, nothing stays, and the next one is served. */
  @Test
  void nonsenseEndsAndLeavesNothing() throws Exception {
    SplittableRandom random = new SplittableRandom(42);
    List<String> methods =
        List.of(
            "Get", "Put", "Delete", "Batch", "Scan", "Increment", "Watch", "Pipeline", "\u00e4");
    try (RawStreams raw = new RawStreams(server.address())) {
      for (int i = 0; i < 400; i++) {
        String method = methods.get(random.nextInt(methods.size()));
        RawStreams.Call call = raw.begin("/distkv.v1.KeyValue/" + method);
        byte[] nonsense = new byte[random.nextInt(200)];
        random.nextBytes(nonsense);
        switch (random.nextInt(4)) {
          case 0 -> call.send(nonsense, true);
          case 1 -> call.announce(nonsense.length).send(nonsense, true);
          case 2 -> call.announce(nonsense.length + 1).send(nonsense, true);
          default -> call.announce(nonsense.length).send(nonsense, false);
        }
        if (random.nextInt(3) == 0) {
          call.reset();
        }
      }
      for (String type : List.of("text/plain", "application/grpc+json", "")) {
        raw.begin(
                new DefaultHttp2Headers()
                    .method("GET")
                    .scheme("http")
                    .authority("x")
                    .path("/")
                    .add("content-type", type))
            .send(new byte[10], true)
            .status();
      }
      await().untilAsserted(() -> keyValue.put(put(1)));
    }
    await().until(() -> gauge("distkv_grpc_calls_under_way") == 0);
    assertThat(gauge("distkv_grpc_message_bytes")).isZero();
    assertThat(live.wrong()).isEmpty();
  }
}
