package io.distkv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.Code;
import io.distkv.api.v1.GetResponse;
import io.distkv.api.v1.PutResponse;
import io.distkv.api.v1.ScanResponse;
import io.distkv.api.v1.WatchResponse;
import io.distkv.client.ClientObserver.OperationEnd;
import io.distkv.client.opentelemetry.OpenTelemetryObserver;
import io.grpc.Metadata;
import io.grpc.Status;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What observers and listeners are told. */
@Timeout(60)
class ObserverTest {
  @RegisterExtension
  static final OpenTelemetryExtension TELEMETRY = OpenTelemetryExtension.create();

  private static final RetryPolicy QUICK =
      RetryPolicy.DEFAULT.withBackoff(Duration.ofMillis(1), Duration.ofMillis(2));

  private FakeNode node;
  private final Queue<String> told = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void start() throws IOException {
    node = FakeNode.start();
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
  }

  private DistKv client(ClientObserver observer) {
    return DistKv.builder()
        .addresses(node.address())
        .batching(Batching.OFF)
        .retries(QUICK)
        .observer(observer)
        .connect();
  }

  private ClientObserver.Observation tell(String operation, String keyspace) {
    return (OperationEnd end) -> {
      assertThat(end.nanos()).isPositive();
      told.add(
          "%s %s: %d, %s%s"
              .formatted(
                  operation,
                  keyspace,
                  end.attempts(),
                  end.error() == null ? "done" : end.error(),
                  end.outcomeUnknown() ? ", unknown" : ""));
    };
  }

  @Test
  void anObserverIsToldOfEachOperationOnce() {
    node.onGet =
        (_, answer) -> {
          if (node.gets.get() < 3) {
            answer.onError(FakeNode.overloaded());
          } else {
            FakeNode.answer(answer, GetResponse.getDefaultInstance());
          }
        };
    node.onPut = (_, answer) -> answer.onError(Status.UNAVAILABLE.asRuntimeException());
    node.onScan = (_, answer) -> FakeNode.answer(answer, ScanResponse.getDefaultInstance());
    try (DistKv client = client(this::tell)) {
      client.keyspace("a").get("k");
      assertThatThrownBy(() -> client.keyspace("b").put("k", "v"))
          .isInstanceOf(OutcomeUnknownException.class);
      client.keyspace("c").scan().forEachRemaining(_ -> {});
    }
    assertThat(told)
        .containsExactly("get a: 3, done", "put b: 1, UNAVAILABLE, unknown", "scan c: 1, done");
  }

  /** Who leaves a scan in the middle, as a loop that breaks does, never asks it for more. */
  @Test
  void aScanThatIsLeftIsOverWhenItIsClosed() {
    node.onScan = (_, _) -> {};
    try (DistKv client = client(this::tell)) {
      client.keyspace("a").scan().close();
      assertThat(told).containsExactly("scan a: 0, done");
    }
  }

  @Test
  void whatConcernsNoKeyspaceIsToldWithoutOne() {
    try (DistKv client = client(this::tell)) {
      assertThatThrownBy(() -> client.keyspaces().list()).isInstanceOf(DistKvException.class);
      assertThatThrownBy(() -> client.keyspaces().describe("a"))
          .isInstanceOf(DistKvException.class);
      assertThatThrownBy(client::information).isInstanceOf(DistKvException.class);
    }
    assertThat(told)
        .containsExactly(
            "listKeyspaces : 1, UNKNOWN",
            "describeKeyspace a: 1, UNKNOWN",
            "information : 1, UNKNOWN");
    try (DistKv client = client(OpenTelemetryObserver.of(TELEMETRY.getOpenTelemetry()))) {
      assertThatThrownBy(() -> client.keyspaces().list()).isInstanceOf(DistKvException.class);
      node.onWatch = (_, answer) -> answer.onNext(WatchResponse.getDefaultInstance());
      client.keyspace("a").watch().close();
    }
    assertThat(TELEMETRY.getSpans())
        .extracting(SpanData::getName)
        .containsExactly("listKeyspaces", "watch a");
  }

  @Test
  void openTelemetryGetsASpanAMeasurementAndTheContextGoesAlong() {
    node.onPut =
        (request, answer) -> {
          if (request.getKey().toStringUtf8().equals("k")) {
            FakeNode.answer(answer, PutResponse.newBuilder().setVersion(1).build());
          } else {
            answer.onError(
                FakeNode.failure(
                    Code.ABORTED, io.distkv.api.v1.ErrorCode.VERSION_MISMATCH, "has 3", 0));
          }
        };
    Span caller = TELEMETRY.getOpenTelemetry().getTracer("test").spanBuilder("caller").startSpan();
    try (DistKv client = client(OpenTelemetryObserver.of(TELEMETRY.getOpenTelemetry()));
        Scope _ = caller.makeCurrent()) {
      client.keyspace("a").put("k", "v");
      assertThatThrownBy(() -> client.keyspace("a").put("other", "v", o -> o.ifAbsent()))
          .isInstanceOf(VersionMismatchException.class);
    }
    List<SpanData> spans = TELEMETRY.getSpans();
    assertThat(spans).extracting(SpanData::getName).containsExactly("put a", "put a");
    assertThat(spans).allMatch(span -> span.getKind() == SpanKind.CLIENT);
    assertThat(spans)
        .allMatch(span -> span.getParentSpanId().equals(caller.getSpanContext().getSpanId()));
    assertThat(spans.getFirst().getStatus()).isEqualTo(StatusData.unset());
    assertThat(spans.getLast().getStatus()).isEqualTo(StatusData.error());
    assertThat(spans.getLast().getAttributes().get(AttributeKey.stringKey("error.type")))
        .isEqualTo("VERSION_MISMATCH");
    Metadata first = Objects.requireNonNull(node.headers.peek());
    assertThat(first.get(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER)))
        .startsWith(
            "00-%s-%s-0"
                .formatted(caller.getSpanContext().getTraceId(), spans.getFirst().getSpanId()));
    assertThat(TELEMETRY.getMetrics())
        .extracting(metric -> metric.getName())
        .contains("db.client.operation.duration");
  }

  @Test
  void healthIsToldAndAsked() throws IOException {
    Queue<Health.State> states = new ConcurrentLinkedQueue<>();
    try (DistKv client =
        DistKv.builder()
            .addresses(node.address())
            .retries(QUICK)
            .onHealthChange(health -> states.add(health.connections().getFirst().state()))
            .connect()) {
      Awaitility.await().until(() -> client.health().isUp());
      Awaitility.await().until(() -> states.contains(Health.State.UP));
      int port = node.port();
      node.close();
      Awaitility.await().until(() -> !client.health().isUp());
      assertThatThrownBy(() -> client.keyspace("a").get("k"))
          .hasMessageContaining(client.health().connections().getFirst().address());
      // It is tried again without anybody asking.
      node = FakeNode.startAt(port);
      Awaitility.await().until(() -> client.health().isUp());
    }
    Awaitility.await().until(() -> states.contains(Health.State.DOWN));
  }

  @Test
  void operationsGoToTheNodesThatAreUp() throws IOException {
    FakeNode other = FakeNode.start();
    for (FakeNode each : List.of(node, other)) {
      each.onGet = (_, answer) -> FakeNode.answer(answer, GetResponse.getDefaultInstance());
    }
    try (DistKv client =
        DistKv.builder()
            .addresses(node.address(), other.address())
            .batching(Batching.OFF)
            .retries(QUICK)
            .connect()) {
      Awaitility.await()
          .until(() ->
              client.health().connections().stream()
                  .allMatch(each -> each.state() == Health.State.UP));
      for (int i = 0; i < 10; i++) {
        client.keyspace("a").get("k");
      }
      assertThat(node.gets).hasValue(5);
      assertThat(other.gets).hasValue(5);
      other.close();
      for (int i = 0; i < 10; i++) {
        client.keyspace("a").get("k");
      }
      assertThat(node.gets.get() + other.gets.get()).isEqualTo(20);
    }
  }
}
