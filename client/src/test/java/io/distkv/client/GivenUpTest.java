package io.distkv.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.client.ClientObserver.Observation;
import io.distkv.client.Outcome.Failed;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a caller is told who gives up a write that is about to be tried again. */
@Timeout(60)
class GivenUpTest {
  private final BlockingQueue<Outcome<String>> told = new LinkedBlockingQueue<>();
  private final AtomicInteger attempts = new AtomicInteger();
  private final AtomicInteger cancelled = new AtomicInteger();
  private FakeNode node;
  private Engine engine;

  @BeforeEach
  void start() throws Exception {
    node = FakeNode.start();
    RetryPolicy quick = RetryPolicy.DEFAULT.withBackoff(Duration.ofMillis(1), Duration.ofMillis(1));
    engine =
        new Engine(
            new ClientOptions(
                List.of(Address.of(node.address())),
                Duration.ofSeconds(10),
                quick,
                Batching.OFF,
                Limits.DEFAULT,
                Duration.ofSeconds(30),
                Runnable::run,
                ClientObserver.NONE,
                _ -> {},
                Map.of()),
            Timer.start());
    engine.connections().open();
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
    engine.close(0);
  }

  /**
   * A write whose first attempt finds no connection, and which is given up while it begins again.
   */
  private final class Write implements Call<String> {
    private final CompletableFuture<Execution<String>> execution = new CompletableFuture<>();

    @Override
    public String name() {
      return "write";
    }

    @Override
    public String keyspace() {
      return "default";
    }

    @Override
    public RetryTable.Kind kind() {
      return RetryTable.Kind.WRITE;
    }

    @Override
    public long sizeBytes() {
      return 1;
    }

    @Override
    public Attempt start(
        Connection connection,
        long deadlineNanos,
        Observation observation,
        Attempt.Listener<String> listener) {
      if (attempts.incrementAndGet() == 1) {
        listener.failed(AttemptEnd.of(Status.UNAVAILABLE, null, AttemptEnd.Reach.NOT_SENT));
        return () -> false;
      }
      execution.join().cancel("enough");
      return () -> {
        cancelled.incrementAndGet();
        return true;
      };
    }
  }

  @Test
  void anAttemptThatBeginsMeanwhileMayHaveHappenedAndIsCancelled() throws Exception {
    Write write = new Write();
    Execution<String> execution = Execution.start(engine, write, TimeUnit.SECONDS.toNanos(10));
    execution.whenOver(told::add);
    write.execution.complete(execution);
    assertThat(told.take())
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo(ErrorCode.CANCELLED);
              assertThat(failed.unknown()).isTrue();
            });
    Awaitility.await().until(() -> cancelled.get() == 1);
    assertThat(attempts).hasValue(2);
  }
}
