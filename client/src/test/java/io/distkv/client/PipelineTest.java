package io.distkv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.distkv.api.v1.ErrorDetail;
import io.distkv.api.v1.GetResponse;
import io.distkv.api.v1.IncrementResponse;
import io.distkv.api.v1.OperationResult;
import io.distkv.api.v1.PipelineRequest;
import io.distkv.api.v1.PipelineResponse;
import io.distkv.api.v1.PutResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Operations that share messages, before a node that misbehaves. */
@Timeout(60)
class PipelineTest {
  private FakeNode node;
  private DistKv client;
  private Keyspace<String, String> keyspace;
  private final Queue<PipelineRequest> messages = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void start() throws IOException {
    node = FakeNode.start();
    client =
        DistKv.builder()
            .addresses(node.address())
            .retries(RetryPolicy.DEFAULT.withBackoff(Duration.ofMillis(1), Duration.ofMillis(2)))
            .connect();
    keyspace = client.keyspace("default");
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
    client.close();
  }

  /** Does what it is told: writes get their number as version, reads find their key as value. */
  private StreamObserver<PipelineRequest> honest(StreamObserver<PipelineResponse> answers) {
    return FakeNode.each(request -> {
      messages.add(request);
      PipelineResponse.Builder done = PipelineResponse.newBuilder();
      request.getItemsList().forEach(item -> done.addItems(answer(item)));
      answers.onNext(done.build());
    });
  }

  private static PipelineResponse.Item answer(PipelineRequest.Item item) {
    OperationResult.Builder result = OperationResult.newBuilder();
    switch (item.getOperation().getOperationCase()) {
      case GET ->
          result.setGet(
              GetResponse.newBuilder()
                  .setValue(
                      io.distkv.api.v1.Value.newBuilder()
                          .setValue(item.getOperation().getGet().getKey())));
      case INCREMENT -> result.setIncrement(IncrementResponse.getDefaultInstance());
      default -> result.setPut(PutResponse.newBuilder().setVersion(item.getId() + 1));
    }
    return PipelineResponse.Item.newBuilder().setId(item.getId()).setResult(result).build();
  }

  private static DistKvException failure(CompletableFuture<?> future) {
    CompletionException thrown = catchThrowableOfType(CompletionException.class, future::join);
    assertThat(thrown).hasCauseInstanceOf(DistKvException.class);
    return (DistKvException) Objects.requireNonNull(thrown.getCause());
  }

  /** Were the room given back afterwards, the event loop would wait for what it alone can bring. */
  @Test
  void whatFollowsFromAnAnswerFindsTheRoomOfWhatWasAnswered() {
    node.onPipeline = this::honest;
    try (DistKv direct =
        DistKv.builder()
            .addresses(node.address())
            .executor(Runnable::run)
            .limits(new Limits(1, 1_000, WhenFull.WAIT))
            .connect()) {
      AsyncKeyspace<String, String> async = direct.keyspace("default").async();
      assertThat(async.put("a", "1").thenCompose(_ -> async.put("b", "2")).join().version())
          .isEqualTo(2);
    }
  }

  /** Nothing can be written while the connection's event loop is held up: all that comes waits. */
  @Test
  void thoseThatComeWhileAMessageIsWrittenLeaveTogether() {
    CompletableFuture<Boolean> go = new CompletableFuture<>();
    node.onPipeline =
        answers -> {
          StreamObserver<PipelineRequest> honest = honest(answers);
          return FakeNode.each(request -> {
            var _ = go.thenRun(() -> honest.onNext(request));
          });
        };
    try (DistKv direct =
        DistKv.builder().addresses(node.address()).executor(Runnable::run).connect()) {
      AsyncKeyspace<String, String> async = direct.keyspace("default").async();
      CompletableFuture<Boolean> allAsked = new CompletableFuture<>();
      CompletableFuture<Boolean> held = new CompletableFuture<>();
      var _ =
          async
              .get("holds")
              .thenRun(() -> {
                held.complete(true);
                allAsked.join();
              });
      go.complete(true);
      held.join();
      int before = messages.size();
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (int i = 0; i < 3_000; i++) {
        String key = "k" + i;
        all.add(
            async
                .get(key)
                .thenAccept(found -> assertThat(found.orElseThrow().value()).isEqualTo(key)));
      }
      allAsked.complete(true);
      all.forEach(CompletableFuture::join);
      assertThat(node.pipelines).hasValue(1);
      assertThat(messages.size() - before).isBetween(12, 100);
      assertThat(messages).allMatch(message -> message.getItemsCount() <= 256);
    }
  }

  @Test
  void eachKeyspaceHasMessagesOfItsOwn() {
    node.onPipeline = this::honest;
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      all.add(client.keyspace("keyspace" + i % 3).async().put("k" + i % 3, "v"));
    }
    all.forEach(CompletableFuture::join);
    for (PipelineRequest message : messages) {
      String number = message.getKeyspace().substring("keyspace".length());
      assertThat(message.getItemsList())
          .allMatch(item ->
              item.getOperation().getPut().getKey().equals(ByteString.copyFromUtf8("k" + number)));
    }
  }

  @Test
  void whatAPipelineCannotSayIsACallOfItsOwn() {
    node.onPipeline = this::honest;
    node.onGet = (_, answer) -> FakeNode.answer(answer, GetResponse.getDefaultInstance());
    node.onPut = (_, answer) -> FakeNode.answer(answer, PutResponse.getDefaultInstance());
    keyspace.put("k", "v");
    keyspace.increment("n", 1);
    assertThat(node.puts).hasValue(0);
    keyspace.get("k", get -> get.asOf(7));
    keyspace.put("k", "v", put -> put.returnPrevious());
    keyspace.put("k", "x".repeat(300_000));
    assertThat(node.gets).hasValue(1);
    assertThat(node.puts).hasValue(2);
  }

  @Test
  void eachFailsAloneAndIsTriedAgainAlone() {
    AtomicInteger turns = new AtomicInteger();
    node.onPipeline =
        answers ->
            FakeNode.each(request -> {
              PipelineResponse.Builder done = PipelineResponse.newBuilder();
              for (PipelineRequest.Item item : request.getItemsList()) {
                boolean first = turns.getAndIncrement() == 0;
                done.addItems(first ? refusal(item) : answer(item));
              }
              answers.onNext(done.build());
            });
    CompletableFuture<Written<String>> put = keyspace.async().put("k", "v");
    CompletableFuture<?> get = keyspace.async().get("k");
    assertThat(put.join().changed()).isTrue();
    get.join();
    assertThat(turns).hasValue(3);
  }

  private static PipelineResponse.Item refusal(PipelineRequest.Item item) {
    return PipelineResponse.Item.newBuilder()
        .setId(item.getId())
        .setFailure(
            PipelineResponse.Failure.newBuilder()
                .setMessage("too much to do")
                .setDetail(ErrorDetail.newBuilder().setCode(io.distkv.api.v1.ErrorCode.OVERLOADED)))
        .build();
  }

  @Test
  void whenTheStreamBreaksReadsAreReadAgainAndWritesAreUnknown() {
    node.onPipeline =
        answers ->
            node.pipelines.get() > 1
                ? honest(answers)
                : FakeNode.each(request -> {
                  messages.add(request);
                  int sum = messages.stream().mapToInt(PipelineRequest::getItemsCount).sum();
                  if (sum == 3) {
                    answers.onError(Status.UNAVAILABLE.asRuntimeException());
                  }
                });
    CompletableFuture<?> put = keyspace.async().put("k", "v");
    CompletableFuture<?> conditional = keyspace.async().put("k", "v", o -> o.ifAbsent());
    CompletableFuture<?> get = keyspace.async().get("k");
    assertThat(get.join()).isNotNull();
    assertThat(failure(put)).isInstanceOf(OutcomeUnknownException.class);
    assertThat(failure(conditional)).isInstanceOf(OutcomeUnknownException.class);
    assertThat(node.pipelines).hasValue(2);
    assertThat(messages.stream().mapToInt(PipelineRequest::getItemsCount).sum()).isEqualTo(4);
  }

  /** That nothing was done, a node says of a call; not of each operation of a stream. */
  @Test
  void theNodesWordOnAStreamIsNotItsWordOnAWrite() {
    node.onPipeline =
        answers ->
            FakeNode.each(request ->
                answers.onError(
                    FakeNode.failure(
                        Code.INVALID_ARGUMENT,
                        io.distkv.api.v1.ErrorCode.TOO_LARGE,
                        "a message has too many operations",
                        0)));
    assertThat(failure(keyspace.async().put("k", "v")))
        .isInstanceOf(OutcomeUnknownException.class)
        .hasMessageContaining("too many operations");
    assertThat(failure(keyspace.async().get("k"))).hasMessageContaining("too many operations");
  }

  @Test
  void aStreamThatIsTurnedAwayHasDoneNothing() {
    node.onPipeline =
        answers ->
            FakeNode.each(request ->
                answers.onError(
                    Status.PERMISSION_DENIED.withDescription("no").asRuntimeException()));
    DistKvException denied = failure(keyspace.async().put("k", "v"));
    assertThat(denied).isNotInstanceOf(OutcomeUnknownException.class);
    assertThat(denied.code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
  }

  @Test
  void eachHasItsOwnDeadline() {
    node.onPipeline =
        answers ->
            FakeNode.each(request -> {
              messages.add(request);
              PipelineResponse.Builder done = PipelineResponse.newBuilder();
              for (PipelineRequest.Item item : request.getItemsList()) {
                if (item.getOperation().hasIncrement()) {
                  done.addItems(answer(item));
                }
              }
              answers.onNext(done.build());
            });
    keyspace.increment("n", 1);
    Keyspace<String, String> hasty = keyspace.withDeadline(Duration.ofSeconds(1));
    CompletableFuture<?> get = hasty.async().get("k");
    CompletableFuture<?> put = hasty.async().put("k", "v");
    CompletableFuture<?> patient = keyspace.async().get("k");
    assertThat(failure(get))
        .hasMessage("TIMEOUT: no answer from " + node.address() + " within 1000 ms");
    assertThat(failure(put)).isInstanceOf(OutcomeUnknownException.class);
    assertThat(patient).isNotDone();
    assertThat(keyspace.increment("n", 1)).isNotNull();
    patient.cancel(true);
  }

  @Test
  void whatIsCancelledBeforeItIsSentIsNeverSent() throws IOException {
    node.close();
    Awaitility.await().until(() -> !client.health().isUp());
    CompletableFuture<?> waits = keyspace.async().put("dropped", "v");
    waits.cancel(true);
    node = FakeNode.startAt(Address.of(client.health().connections().getFirst().address()).port());
    node.onPipeline = this::honest;
    Awaitility.await().until(() -> client.health().isUp());
    keyspace.put("kept", "v");
    assertThat(messages)
        .allMatch(message ->
            message.getItemsList().stream()
                .noneMatch(item ->
                    item.getOperation()
                        .getPut()
                        .getKey()
                        .equals(ByteString.copyFromUtf8("dropped"))));
  }

  @Test
  void closingTellsThoseThatWait() throws IOException {
    CompletableFuture<Boolean> has = new CompletableFuture<>();
    node.onPipeline = answers -> FakeNode.each(request -> has.complete(true));
    CompletableFuture<?> put = keyspace.async().put("k", "v");
    has.join();
    node.close();
    assertThat(failure(put)).isInstanceOf(OutcomeUnknownException.class);
    client.close();
    assertThat(failure(keyspace.async().put("k", "v")).code()).isEqualTo(ErrorCode.CANCELLED);
  }

  @Test
  void closingEndsTheWaitForARetry() throws IOException {
    DistKv waits =
        DistKv.builder()
            .addresses(node.address())
            .retries(RetryPolicy.DEFAULT.withBackoff(Duration.ofHours(1), Duration.ofHours(1)))
            .deadline(Duration.ofHours(20))
            .connect();
    node.onPipeline =
        answers ->
            FakeNode.each(request ->
                answers.onNext(
                    PipelineResponse.newBuilder().addItems(refusal(request.getItems(0))).build()));
    CompletableFuture<?> put = waits.keyspace("default").async().put("k", "v");
    // The refusal is there, or comes when the client is closed already; told it is in both cases.
    waits.close();
    assertThat(failure(put)).isNotInstanceOf(OutcomeUnknownException.class);
  }

  @Test
  void manyThreadsThatWaitShareMessages() throws InterruptedException {
    node.onPipeline = this::honest;
    List<Thread> threads = new ArrayList<>();
    AtomicInteger right = new AtomicInteger();
    for (int i = 0; i < 64; i++) {
      String key = "k" + i;
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int turn = 0; turn < 200; turn++) {
                  if (keyspace.get(key).orElseThrow().value().equals(key)) {
                    right.incrementAndGet();
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(right).hasValue(64 * 200);
    assertThat(node.pipelines).hasValue(1);
  }
}
