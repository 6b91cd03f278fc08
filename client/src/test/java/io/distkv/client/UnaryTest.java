package io.distkv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.Code;
import io.distkv.api.v1.GetResponse;
import io.distkv.api.v1.PutResponse;
import io.distkv.client.codec.Codec;
import io.distkv.client.codec.Codecs;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Operations that are calls of their own, before a node that misbehaves. */
@Timeout(60)
class UnaryTest {
  private static final RetryPolicy QUICK =
      RetryPolicy.DEFAULT.withBackoff(Duration.ofMillis(1), Duration.ofMillis(2));

  private FakeNode node;
  private DistKv client;

  @BeforeEach
  void start() throws IOException {
    node = FakeNode.start();
    client = builder(node.address()).connect();
  }

  @AfterEach
  void stop() throws IOException {
    // Breaks off what the test has left unanswered, so that closing the client waits for nothing.
    node.close();
    client.close();
  }

  private static DistKvBuilder builder(String address) {
    return DistKv.builder().addresses(address).batching(Batching.OFF).retries(QUICK);
  }

  private static DistKvException fails(Runnable operation) {
    DistKvException thrown = catchThrowableOfType(DistKvException.class, operation::run);
    assertThat(thrown).isNotNull();
    return thrown;
  }

  private static GetResponse value(String text) {
    return GetResponse.newBuilder()
        .setValue(
            io.distkv.api.v1.Value.newBuilder()
                .setValue(com.google.protobuf.ByteString.copyFromUtf8(text))
                .setVersion(7)
                .setTtlMillis(1_500))
        .build();
  }

  @Test
  void aReadTellsValueVersionAndLife() {
    node.onGet = (_, answer) -> FakeNode.answer(answer, value("hello"));
    assertThat(client.keyspace("default").get("k"))
        .contains(new Value<>("hello", 7, java.util.Optional.of(Duration.ofMillis(1_500))));
    node.onGet = (_, answer) -> FakeNode.answer(answer, GetResponse.getDefaultInstance());
    assertThat(client.keyspace("default").get("k")).isEmpty();
  }

  @Test
  void bothAreTriedAgainWhenTheNodeHasDoneNothing() {
    node.onGet =
        (_, answer) -> {
          if (node.gets.get() < 4) {
            answer.onError(FakeNode.overloaded());
          } else {
            FakeNode.answer(answer, value("late"));
          }
        };
    node.onPut =
        (_, answer) -> {
          if (node.puts.get() < 3) {
            answer.onError(FakeNode.overloaded());
          } else {
            FakeNode.answer(answer, PutResponse.newBuilder().setVersion(9).build());
          }
        };
    assertThat(client.keyspace("default").get("k").orElseThrow().value()).isEqualTo("late");
    assertThat(client.keyspace("default").put("k", "v").version()).isEqualTo(9);
    assertThat(node.gets).hasValue(4);
    assertThat(node.puts).hasValue(3);
  }

  @Test
  void aBrokenReadIsReadAgainAndABrokenWriteIsUnknown() {
    node.onGet =
        (_, answer) -> {
          if (node.gets.get() < 3) {
            answer.onError(Status.UNAVAILABLE.withDescription("gone").asRuntimeException());
          } else {
            FakeNode.answer(answer, value("v"));
          }
        };
    node.onPut =
        (_, answer) ->
            answer.onError(Status.UNAVAILABLE.withDescription("gone").asRuntimeException());
    assertThat(client.keyspace("default").get("k")).isPresent();
    DistKvException unknown = fails(() -> client.keyspace("default").put("k", "v"));
    assertThat(unknown)
        .isInstanceOf(OutcomeUnknownException.class)
        .hasMessage("UNAVAILABLE: " + node.address() + ": gone (the write may have happened)");
    assertThat(node.puts).hasValue(1);
    assertThat(fails(() -> client.keyspace("default").put("k", "v", put -> put.ifAbsent())))
        .isInstanceOf(OutcomeUnknownException.class);
    assertThat(node.puts).hasValue(2);
  }

  /** The socket itself breaks when the node has the write. */
  @Test
  void aConnectionThatBreaksBehindAWriteLeavesItUnknown() {
    CompletableFuture<Boolean> has = new CompletableFuture<>();
    node.onPut = (_, _) -> has.complete(true);
    CompletableFuture<Written<String>> put = client.keyspace("default").async().put("k", "v");
    has.join();
    closeNode();
    assertThat(put)
        .failsWithin(50, TimeUnit.SECONDS)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(OutcomeUnknownException.class);
    assertThat(node.puts).hasValue(1);
  }

  private void closeNode() {
    try {
      node.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theNodesTextIsTold() {
    node.onPut =
        (request, answer) ->
            answer.onError(
                request.hasCondition() && request.getCondition().getAbsent()
                    ? FakeNode.failure(
                        Code.ABORTED,
                        io.distkv.api.v1.ErrorCode.VERSION_MISMATCH,
                        "it has version 3",
                        0)
                    : FakeNode.failure(
                        Code.FAILED_PRECONDITION,
                        io.distkv.api.v1.ErrorCode.DISK_FULL,
                        "the disk is nearly full",
                        0));
    assertThat(fails(() -> client.keyspace("default").put("k", "v", put -> put.ifAbsent())))
        .isInstanceOf(VersionMismatchException.class)
        .hasMessage("VERSION_MISMATCH: it has version 3");
    DistKvException full = fails(() -> client.keyspace("default").put("k", "v"));
    assertThat(full).hasMessage("DISK_FULL: the disk is nearly full");
    assertThat(full.code()).isEqualTo(ErrorCode.DISK_FULL);
    assertThat(full.getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals(UnaryTest.class.getName()));
  }

  @Test
  void aDeadlineEndsAReadAndLeavesAWriteUnknown() {
    Keyspace<String, String> hasty = client.keyspace("default").withDeadline(Duration.ofMillis(50));
    // The first call may take longer to connect than that: it is done when the connection is up.
    node.onGet = (_, answer) -> FakeNode.answer(answer, value("v"));
    assertThat(client.keyspace("default").get("k")).isPresent();
    node.onGet = (_, _) -> {};
    DistKvException read = fails(() -> hasty.get("k"));
    assertThat(read.code()).isEqualTo(ErrorCode.TIMEOUT);
    assertThat(read).hasMessage("TIMEOUT: no answer from " + node.address() + " within 50 ms");
    DistKvException write = fails(() -> hasty.put("k", "v"));
    assertThat(write.code()).isEqualTo(ErrorCode.TIMEOUT);
  }

  @Test
  void whereNobodyListensTheAddressIsNamedWithinTheDeadline() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (DistKv alone = builder("127.0.0.1:" + port).connect()) {
      DistKvException thrown = fails(() -> alone.keyspace("default").put("k", "v"));
      assertThat(thrown).isNotInstanceOf(OutcomeUnknownException.class);
      assertThat(thrown.code()).isEqualTo(ErrorCode.UNAVAILABLE);
      assertThat(thrown)
          .hasMessageStartingWith("UNAVAILABLE: 127.0.0.1:" + port + ": ")
          .hasMessageContaining("Connection refused")
          .hasMessageContaining("10 attempts");
      assertThat(alone.health().isUp()).isFalse();
    }
  }

  /** A write that finds no connection is sent when there is one. */
  @Test
  void aNodeThatComesBackIsFoundAgain() throws IOException {
    int port = node.port();
    node.onPut = (_, answer) -> FakeNode.answer(answer, PutResponse.getDefaultInstance());
    try (DistKv patient =
        builder(node.address())
            .retries(
                RetryPolicy.DEFAULT
                    .withAttempts(100)
                    .withBackoff(Duration.ofMillis(10), Duration.ofMillis(200)))
            .connect()) {
      patient.keyspace("default").put("k", "v");
      node.close();
      Awaitility.await().until(() -> !patient.health().isUp());
      CompletableFuture<Written<String>> put = patient.keyspace("default").async().put("k", "v");
      node = FakeNode.startAt(port);
      node.onPut =
          (_, answer) -> FakeNode.answer(answer, PutResponse.newBuilder().setVersion(5).build());
      assertThat(put.join().version()).isEqualTo(5);
    }
  }

  @Test
  void theBudgetEndsRetriesOfAll() {
    node.onGet = (_, answer) -> answer.onError(FakeNode.overloaded());
    try (DistKv poor = builder(node.address()).retries(QUICK.withBudget(3, 0)).connect()) {
      assertThat(fails(() -> poor.keyspace("default").get("k")))
          .hasMessage(
              "OVERLOADED: too much to do (4 attempts, and the budget for retries is used up)");
      assertThat(fails(() -> poor.keyspace("default").get("k")))
          .hasMessageContaining("(1 attempt,");
      assertThat(node.gets).hasValue(5);
    }
  }

  @Test
  void moreThanMayBeUnderWayIsRefusedOrWaits() {
    CompletableFuture<Boolean> go = new CompletableFuture<>();
    node.onGet =
        (_, answer) -> {
          var _ = go.thenRun(() -> FakeNode.answer(answer, value("v")));
        };
    try (DistKv small =
        builder(node.address()).limits(new Limits(1, 100, WhenFull.FAIL)).connect()) {
      var first = small.keyspace("default").async().get("k");
      assertThat(fails(() -> small.keyspace("default").get("k")).code())
          .isEqualTo(ErrorCode.OVERLOADED);
      go.complete(true);
      assertThat(first.join()).isPresent();
    }
    try (DistKv small =
        builder(node.address()).limits(new Limits(1, 100, WhenFull.WAIT)).connect()) {
      var futures = new java.util.ArrayList<CompletableFuture<?>>();
      for (int i = 0; i < 50; i++) {
        futures.add(small.keyspace("default").async().get("k"));
      }
      assertThat(futures).allSatisfy(each -> assertThat(each.join()).isNotNull());
    }
  }

  @Test
  void whatTheContractForbidsIsNotEvenSent() {
    Keyspace<String, byte[]> keyspace = client.keyspace("default", String.class, byte[].class);
    assertThat(fails(() -> keyspace.get("")).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(fails(() -> keyspace.get("x".repeat(65_536))))
        .hasMessage("TOO_LARGE: a key has at most 65535 bytes, not 65536");
    assertThat(fails(() -> keyspace.put("k", new byte[16 * 1024 * 1024 + 1])).code())
        .isEqualTo(ErrorCode.TOO_LARGE);
    Batch<String, byte[]> batch = keyspace.newBatch();
    byte[] large = new byte[16 * 1024 * 1024 - 1];
    for (int i = 0; i < 4; i++) {
      batch.put("k", large);
    }
    assertThat(fails(() -> batch.put("k", large)).code()).isEqualTo(ErrorCode.TOO_LARGE);
    Batch<String, byte[]> many = keyspace.newBatch();
    for (int i = 0; i < 10_000; i++) {
      many.get("k");
    }
    assertThat(fails(() -> many.get("k")).code()).isEqualTo(ErrorCode.TOO_LARGE);
    assertThat(keyspace.async().get("")).isCompletedExceptionally();
    assertThat(node.gets).hasValue(0);
  }

  @Test
  void whatIsCancelledOrInterruptedIsGivenUp() {
    CompletableFuture<Boolean> has = new CompletableFuture<>();
    node.onPut = (_, _) -> has.complete(true);
    CompletableFuture<Written<String>> put = client.keyspace("default").async().put("k", "v");
    has.join();
    assertThat(put.cancel(true)).isTrue();
    assertThat(put).isCancelled();
    assertThat(catchThrowableOfType(CancellationException.class, put::join)).isNotNull();
    Thread.currentThread().interrupt();
    DistKvException thrown = fails(() -> client.keyspace("default").put("k", "v"));
    assertThat(thrown.code()).isEqualTo(ErrorCode.CANCELLED);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void futuresAreCompletedByTheExecutorAndClosedClientsSaySo() {
    node.onGet = (_, answer) -> FakeNode.answer(answer, value("v"));
    AtomicReference<String> name = new AtomicReference<>("");
    client
        .keyspace("default")
        .async()
        .get("k")
        .thenRun(() -> name.set(Thread.currentThread().getName()))
        .join();
    // If the answer came before thenRun was called, it ran on this thread.
    assertThat(name.get()).isIn("distkv-client", Thread.currentThread().getName());
    client.close();
    assertThat(fails(() -> client.keyspace("default").get("k")))
        .hasMessage("CANCELLED: the client is closed");
    assertThat(client.health().connections().getFirst().state()).isEqualTo(Health.State.CLOSED);
  }

  /** Be it that it refuses tasks or that it is broken. */
  @Test
  void whatTheExecutorThrowsEndsTheFuture() {
    node.onGet = (_, answer) -> FakeNode.answer(answer, value("v"));
    AtomicBoolean broken = new AtomicBoolean();
    Executor executor =
        task -> {
          if (broken.get()) {
            throw new IllegalStateException("no thread for it");
          }
          task.run();
        };
    try (DistKv other = builder(node.address()).executor(executor).connect()) {
      Keyspace<String, String> keyspace = other.keyspace("default");
      assertThat(keyspace.get("k")).isPresent();
      broken.set(true);
      assertThatThrownBy(() -> keyspace.async().get("k").get(10, TimeUnit.SECONDS))
          .hasRootCauseInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no thread for it");
      assertThat(keyspace.get("k")).isPresent();
      broken.set(false);
    }
  }

  @Test
  void anErrorOfACodecEndsTheFuture() {
    node.onGet = (_, answer) -> FakeNode.answer(answer, value("v"));
    Codec<String> broken =
        Codecs.of(
            Codecs.utf8()::encode,
            _ -> {
              throw new AssertionError("a class is missing");
            });
    assertThatThrownBy(() ->
            client
                .keyspace("default", Codecs.utf8(), broken)
                .async()
                .get("k")
                .get(10, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(AssertionError.class);
  }

  @Test
  void anImpatientCloseBreaksOffWhatIsUnderWay() {
    node.onGet = (_, _) -> {};
    CompletableFuture<Optional<Value<String>>> get = client.keyspace("default").async().get("k");
    client.close(Duration.ZERO);
    assertThatThrownBy(get::join).hasCauseInstanceOf(DistKvException.class);
  }
}
