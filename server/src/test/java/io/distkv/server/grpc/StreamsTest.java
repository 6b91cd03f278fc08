package io.distkv.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.distkv.api.v1.Entry;
import io.distkv.api.v1.ErrorCode;
import io.distkv.api.v1.KeyValueGrpc;
import io.distkv.api.v1.Operation;
import io.distkv.api.v1.PipelineRequest;
import io.distkv.api.v1.PipelineResponse;
import io.distkv.api.v1.PutRequest;
import io.distkv.api.v1.ScanRequest;
import io.distkv.api.v1.ScanResponse;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Calls of many messages. */
class StreamsTest extends GrpcTest {
  private static final int KEYS = 3_500;

  /** Collects what a pipeline answers. */
  private static final class Results implements StreamObserver<PipelineResponse> {
    final Map<Long, PipelineResponse.Item> items = new TreeMap<>();
    final CompletableFuture<Map<Long, PipelineResponse.Item>> end = new CompletableFuture<>();

    @Override
    public synchronized void onNext(PipelineResponse response) {
      for (PipelineResponse.Item item : response.getItemsList()) {
        if (items.put(item.getId(), item) != null) {
          end.completeExceptionally(new AssertionError("answered twice: " + item.getId()));
        }
      }
    }

    @Override
    public void onError(Throwable thrown) {
      end.completeExceptionally(thrown);
    }

    @Override
    public void onCompleted() {
      end.complete(items);
    }
  }

  private static Operation put(String key, String value) {
    return Operation.newBuilder()
        .setPut(Operation.Put.newBuilder().setKey(bytes(key)).setValue(bytes(value)))
        .build();
  }

  private Map<Long, PipelineResponse.Item> pipeline(String keyspace, List<Operation> operations)
      throws Exception {
    Results results = new Results();
    StreamObserver<PipelineRequest> requests = KeyValueGrpc.newStub(channel).pipeline(results);
    for (int from = 0; from < operations.size(); from += 500) {
      PipelineRequest.Builder request = PipelineRequest.newBuilder().setKeyspace(keyspace);
      for (int i = from; i < Math.min(operations.size(), from + 500); i++) {
        request.addItems(
            PipelineRequest.Item.newBuilder().setId(i).setOperation(operations.get(i)));
      }
      requests.onNext(request.build());
    }
    requests.onCompleted();
    return results.end.get(60, TimeUnit.SECONDS);
  }

  private static PipelineResponse.Item item(Map<Long, PipelineResponse.Item> results, long id) {
    return Objects.requireNonNull(results.get(id));
  }

  private void fill(String keyspace) throws Exception {
    List<Operation> puts = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      puts.add(put("k%05d".formatted(i), "value " + i));
    }
    assertThat(pipeline(keyspace, puts).values())
        .hasSize(KEYS)
        .allMatch(item -> item.getResult().getPut().getVersion() > 0);
  }

  @Test
  void aPipelineAnswersEachOperationOnceAndEachFailsAlone() throws Exception {
    List<Operation> operations = new ArrayList<>();
    operations.add(put("a", "1"));
    operations.add(put("", "no key"));
    operations.add(Operation.getDefaultInstance());
    operations.add(
        Operation.newBuilder().setGet(Operation.Get.newBuilder().setKey(bytes("none"))).build());
    operations.add(
        Operation.newBuilder()
            .setIncrement(Operation.Increment.newBuilder().setKey(bytes("n")).setBy(2))
            .build());
    Map<Long, PipelineResponse.Item> results = pipeline("", operations);
    assertThat(results).hasSize(5);
    assertThat(item(results, 0).getResult().getPut().getVersion()).isPositive();
    assertThat(item(results, 1).getFailure().getDetail().getCode())
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(item(results, 2).getFailure().getMessage()).contains("does not say what");
    assertThat(item(results, 3).getResult().getGet().hasValue()).isFalse();
    assertThat(item(results, 4).getResult().getIncrement().getValue()).isEqualTo(2);
  }

  /** Values that together are more than a message should have leave in several. */
  @Test
  void largeResultsOfAPipelineLeaveInMessagesOfBoundedSize() throws Exception {
    ByteString large = ByteString.copyFrom(new byte[300_000]);
    keyValue.put(PutRequest.newBuilder().setKey(bytes("large")).setValue(large).build());
    List<Operation> reads = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      reads.add(
          Operation.newBuilder().setGet(Operation.Get.newBuilder().setKey(bytes("large"))).build());
    }
    Map<Long, PipelineResponse.Item> results = pipeline("", reads);
    assertThat(results.values())
        .hasSize(200)
        .allMatch(item -> item.getResult().getGet().getValue().getValue().equals(large));
  }

  @Test
  void aScanGivesTheRangeOnceInOrderAndGoesOnFromEachToken() throws Exception {
    for (String keyspace : List.of("default", "parts")) {
      fill(keyspace);
      for (boolean reverse : new boolean[] {false, true}) {
        ScanRequest all =
            ScanRequest.newBuilder()
                .setKeyspace(keyspace)
                .setPrefix(bytes("k"))
                .setStart(bytes("k00100"))
                .setEnd(bytes("k03400"))
                .setReverse(reverse)
                .build();
        List<String> expected = new ArrayList<>();
        for (int i = 100; i < 3_400; i++) {
          expected.add("k%05d=value %d".formatted(i, i));
        }
        List<String> inOrder = reverse ? expected.reversed() : expected;
        List<ScanResponse> messages = new ArrayList<>();
        keyValue.scan(all).forEachRemaining(messages::add);
        assertThat(texts(messages)).isEqualTo(inOrder);
        assertThat(messages.getLast().getResumeToken()).isEqualTo(ByteString.EMPTY);
        List<ScanResponse> resumed = new ArrayList<>(messages.subList(0, 2));
        ScanRequest rest = all.toBuilder().setResumeToken(messages.get(1).getResumeToken()).build();
        keyValue.scan(rest).forEachRemaining(resumed::add);
        assertThat(texts(resumed)).isEqualTo(inOrder);
        List<ScanResponse> few = new ArrayList<>();
        keyValue.scan(all.toBuilder().setLimit(1_234).build()).forEachRemaining(few::add);
        assertThat(texts(few)).isEqualTo(inOrder.subList(0, 1_234));
      }
    }
  }

  private static List<String> texts(List<ScanResponse> messages) {
    return messages.stream()
        .flatMap(message -> message.getEntriesList().stream())
        .map(entry -> entry.getKey().toStringUtf8() + "=" + entry.getValue().toStringUtf8())
        .toList();
  }

  @Test
  void aTokenOfAnotherScanIsRefused() throws Exception {
    fill("default");
    ScanResponse first = keyValue.scan(ScanRequest.getDefaultInstance()).next();
    for (ScanRequest other :
        List.of(
            ScanRequest.newBuilder().setPrefix(bytes("k")).build(),
            ScanRequest.newBuilder().setKeyspace("parts").build(),
            ScanRequest.newBuilder().setReverse(true).build())) {
      Iterator<ScanResponse> refused =
          keyValue.scan(other.toBuilder().setResumeToken(first.getResumeToken()).build());
      assertThatThrownBy(refused::next)
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("resume_token is of another scan");
    }
    Iterator<ScanResponse> nonsense =
        keyValue.scan(ScanRequest.newBuilder().setResumeToken(bytes("frog")).build());
    assertThatThrownBy(nonsense::next).hasMessageContaining("none that this node has given");
  }

  @Test
  void keysOnlyLeavesValuesOutAndThePastIsShownAsItWas() throws Exception {
    long version =
        keyValue
            .put(PutRequest.newBuilder().setKey(bytes("a")).setValue(bytes("1")).build())
            .getVersion();
    keyValue.put(PutRequest.newBuilder().setKey(bytes("b")).setValue(bytes("2")).build());
    ScanResponse past =
        keyValue.scan(ScanRequest.newBuilder().setAsOf(version).setKeysOnly(true).build()).next();
    assertThat(past.getEntriesList())
        .containsExactly(Entry.newBuilder().setKey(bytes("a")).setVersion(version).build());
  }

  /** A client that takes one message and goes away: the rest is not read. */
  @Test
  void aScanThatIsCancelledStops() throws Exception {
    fill("default");
    Context.CancellableContext context = Context.current().withCancellation();
    context.run(
        () -> assertThat(keyValue.scan(ScanRequest.getDefaultInstance()).hasNext()).isTrue());
    context.cancel(null);
    assertThat(keyValue.scan(ScanRequest.getDefaultInstance()).hasNext()).isTrue();
  }

  @Test
  void aDeadlineIsHonoured() {
    assertThatThrownBy(() ->
            keyValue
                .withDeadlineAfter(1, TimeUnit.NANOSECONDS)
                .put(PutRequest.newBuilder().setKey(bytes("k")).build()))
        .isInstanceOf(StatusRuntimeException.class)
        .extracting(thrown -> ((StatusRuntimeException) thrown).getStatus().getCode())
        .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
  }

  @Test
  void healthIsTold() {
    assertThat(
            HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
  }
}
