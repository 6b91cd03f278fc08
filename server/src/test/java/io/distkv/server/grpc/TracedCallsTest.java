package io.distkv.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.distkv.api.v1.Condition;
import io.distkv.api.v1.GetRequest;
import io.distkv.api.v1.KeyValueGrpc;
import io.distkv.api.v1.Operation;
import io.distkv.api.v1.PipelineRequest;
import io.distkv.api.v1.PipelineResponse;
import io.distkv.api.v1.PutRequest;
import io.distkv.api.v1.ScanRequest;
import io.distkv.server.trace.CollectedTraces;
import io.distkv.server.trace.Tracing;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the collector of traces gets to see of calls. */
class TracedCallsTest extends GrpcTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  private final CollectedTraces traces = new CollectedTraces();

  @Override
  Tracing tracing() {
    return traces.tracing();
  }

  private static PutRequest put(String key) {
    return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes("v")).build();
  }

  private SpanData span(String name) {
    return traces.spans().stream()
        .filter(span -> span.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void awaitTraces(int count) {
    await().until(() -> traces.trees().size() == count);
  }

  @Test
  void aWriteIsFollowedToTheJournalAndBack() {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
        "00-" + TRACE + "-00f067aa0ba902b7-01");
    keyValue.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers)).put(put("k"));
    awaitTraces(1);
    assertThat(traces.trees().getFirst())
        .startsWith("distkv.v1.KeyValue/Put[command kv.put[")
        .contains("admit, journal, apply");
    SpanData call = span("distkv.v1.KeyValue/Put");
    assertThat(call.getTraceId()).isEqualTo(TRACE);
    assertThat(call.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(call.getAttributes().get(AttributeKey.stringKey("distkv.status"))).isEqualTo("OK");
    SpanData command = span("command kv.put");
    assertThat(command.getAttributes().get(AttributeKey.stringKey("db.namespace")))
        .isEqualTo("default");
    assertThat(command.getAttributes().get(AttributeKey.longKey("distkv.keys"))).isEqualTo(1);
  }

  @Test
  void whatIsNotSampledIsNotTold() {
    keyValue.put(put("k"));
    keyValue.get(GetRequest.newBuilder().setKey(bytes("k")).build());
    traces.tracing().setShare(1);
    keyValue.get(GetRequest.newBuilder().setKey(bytes("k")).build());
    awaitTraces(1);
    assertThat(traces.trees().getFirst()).startsWith("distkv.v1.KeyValue/Get[command kv.get");
  }

  @Test
  void aScanIsOneTraceAndAPipelineOneForEachOperation() {
    for (int i = 0; i < 2_500; i++) {
      keyValue.put(put("k" + i));
    }
    traces.tracing().setShare(1);
    keyValue.scan(ScanRequest.getDefaultInstance()).forEachRemaining(_ -> {});
    awaitTraces(1);
    assertThat(traces.trees().getFirst().split("command kv.scan", -1)).hasSize(4);
    traces.clear();
    CompletableFuture<PipelineResponse> answer = new CompletableFuture<>();
    StreamObserver<PipelineRequest> pipeline =
        KeyValueGrpc.newStub(channel)
            .pipeline(
                new StreamObserver<>() {
                  @Override
                  public void onNext(PipelineResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable broken) {
                    answer.completeExceptionally(broken);
                  }

                  @Override
                  public void onCompleted() {}
                });
    PipelineRequest.Builder request = PipelineRequest.newBuilder();
    for (String key : List.of("a", "b")) {
      request.addItems(
          PipelineRequest.Item.newBuilder()
              .setOperation(
                  Operation.newBuilder()
                      .setPut(Operation.Put.newBuilder().setKey(bytes(key)).setValue(bytes("v")))));
    }
    pipeline.onNext(request.build());
    assertThat(answer.join().getItemsCount()).isPositive();
    pipeline.onCompleted();
    awaitTraces(2);
    assertThat(traces.trees()).allMatch(tree -> tree.startsWith("kv.put[command kv.put["));
  }

  @Test
  void aRefusalIsTheCallersFault() {
    traces.tracing().setShare(1);
    PutRequest refused =
        put("k").toBuilder().setCondition(Condition.newBuilder().setVersion(77)).build();
    assertThatThrownBy(() -> keyValue.put(refused)).isInstanceOf(StatusRuntimeException.class);
    awaitTraces(1);
    SpanData call = span("distkv.v1.KeyValue/Put");
    assertThat(call.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(call.getAttributes().get(AttributeKey.stringKey("distkv.status")))
        .isEqualTo("ABORTED");
  }
}
