package io.distkv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.distkv.api.v1.GetResponse;
import io.distkv.api.v1.ScanResponse;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a connection that could not be made is made again, and what becomes of calls meanwhile. */
@Timeout(60)
class ReconnectTest {
  /** One retry, nearly at once: it is over at once, too, unless it waits for the connection. */
  private static final RetryPolicy ONE_RETRY =
      RetryPolicy.DEFAULT.withAttempts(2).withBackoff(Duration.ofMillis(1), Duration.ofMillis(1));

  private FakeNode node;
  private Door door;

  @BeforeEach
  void start() throws IOException {
    node = FakeNode.start();
    node.onGet =
        (_, answer) -> {
          answer.onNext(GetResponse.getDefaultInstance());
          answer.onCompleted();
        };
    node.onScan =
        (_, answer) -> {
          answer.onNext(ScanResponse.getDefaultInstance());
          answer.onCompleted();
        };
    door = new Door();
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
    door.close();
  }

  private DistKv connect(RetryPolicy retries) {
    return DistKv.builder()
        .addresses(door.address())
        .batching(Batching.OFF)
        .retries(retries)
        .deadline(Duration.ofMinutes(5))
        .connect();
  }

  /** Stands before the node: cuts the first connections in their greeting, and holds up others. */
  private final class Door implements Closeable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger toCut = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();
    private final Semaphore waiting = new Semaphore(0);
    private final CountDownLatch open = new CountDownLatch(1);

    Door() throws IOException {
      Thread.ofVirtual().start(this::accept);
    }

    String address() {
      return "127.0.0.1:" + listener.getLocalPort();
    }

    private void accept() {
      try {
        while (true) {
          Socket client = listener.accept();
          if (toCut.getAndDecrement() > 0) {
            cut.incrementAndGet();
            client.getOutputStream().write(new byte[] {0, 0, 24});
            client.close();
          } else {
            Thread.ofVirtual().start(() -> pass(client));
          }
        }
      } catch (IOException e) {
        // Closed: the test is over.
      }
    }

    private void pass(Socket client) {
      waiting.release();
      try (client) {
        open.await();
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
          Thread.ofVirtual().start(() -> copy(server, client));
          copy(client, server);
        }
      } catch (IOException | InterruptedException e) {
        // The node has gone: so does the client's connection.
      }
    }

    private static void copy(Socket from, Socket to) {
      try {
        from.getInputStream().transferTo(to.getOutputStream());
      } catch (IOException e) {
        // One side went away.
      }
    }

    @Override
    public void close() throws IOException {
      open.countDown();
      listener.close();
    }
  }

  @RepeatedTest(20)
  void aRetryWaitsForTheConnectionThatIsBeingMade() throws Exception {
    door.toCut.set(1);
    try (DistKv client = connect(ONE_RETRY)) {
      Keyspace<String, String> keyspace = client.keyspace("default");
      CompletableFuture<?> get = keyspace.async().get("a");
      CompletableFuture<?> scan =
          CompletableFuture.supplyAsync(() -> {
            try (Scan<Entry<String, String>> entries = keyspace.scan()) {
              return entries.hasNext();
            }
          });
      door.waiting.acquire();
      // Whoever met the first connection is at the last attempt now.
      door.open.countDown();
      get.join();
      scan.join();
      assertThat(node.gets).hasValue(1);
    }
  }

  @Test
  void aConnectionThatIsCutInEveryGreetingIsToldAfterAllAttempts() {
    door.toCut.set(Integer.MAX_VALUE);
    try (DistKv client = connect(ONE_RETRY.withAttempts(3))) {
      Keyspace<String, String> keyspace = client.keyspace("default");
      DistKvException thrown = catchThrowableOfType(DistKvException.class, () -> keyspace.get("a"));
      assertThat(thrown.code()).isEqualTo(ErrorCode.UNAVAILABLE);
      assertThat(thrown).hasMessageContaining(door.address()).hasMessageContaining("3 attempts");
      assertThat(door.cut).hasValueGreaterThanOrEqualTo(3);
    }
  }

  /** gRPC's own waits would add up to half an hour. */
  @Test
  void anIdleClientKeepsTryingWithItsOwnWaits() throws Exception {
    door.toCut.set(25);
    try (DistKv client = connect(ONE_RETRY)) {
      door.waiting.acquire();
      door.open.countDown();
      assertThat(door.cut).hasValue(25);
      client.keyspace("default").get("a");
      Awaitility.await().until(() -> client.health().isUp());
    }
  }

  @Test
  void aNameThatIsNotKnownIsToldAtOnceAndAskedForAgain() throws Exception {
    Semaphore down = new Semaphore(0);
    try (DistKv client =
        DistKv.builder()
            .addresses("no-such-host.invalid:7379")
            .retries(ONE_RETRY)
            .onHealthChange(health -> {
              if (health.connections().getFirst().state() == Health.State.DOWN) {
                down.release();
              }
            })
            .connect()) {
      DistKvException thrown =
          catchThrowableOfType(DistKvException.class, () -> client.keyspace("default").get("a"));
      assertThat(thrown.code()).isEqualTo(ErrorCode.UNAVAILABLE);
      assertThat(thrown).hasMessageContaining("no-such-host.invalid");
      assertThat(down.tryAcquire(10, 50, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void whereNoNodeListensAnotherIsFound() {
    door.toCut.set(Integer.MAX_VALUE);
    try (DistKv client =
        DistKv.builder()
            .addresses(door.address(), node.address())
            .retries(ONE_RETRY)
            .batching(Batching.OFF)
            .connect()) {
      for (int i = 0; i < 20; i++) {
        client.keyspace("default").get("a");
      }
      assertThat(node.gets).hasValue(20);
    }
  }
}
