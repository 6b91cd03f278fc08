package io.distkv.server.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distkv.platform.Lanes;
import io.distkv.platform.SystemClock;
import io.distkv.server.resp.ConnectionCounters.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many clients that want more memory than there is, and one that wants little. */
class ClientMemoryTest {
  private static final int LANES = 2;
  private static final int CLIENTS = 60;
  private static final int BUDGET_BYTES = 4 * 1024 * 1024;

  /** What was read from a client before it could be stopped. */
  private static final int READ_BYTES = 256 * 1024;

  private final ConcurrentLinkedQueue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
  private final Lanes lanes = Lanes.start(LANES, 1024, (thread, thrown) -> uncaught.add(thrown));
  private final ClientLimits limits = new ClientLimits();
  private final FakeSessions sessions = new FakeSessions(lanes);
  private final List<TestClient> clients = new ArrayList<>();
  private RespServer server;
  private TestClient modest;

  @BeforeEach
  void start() throws IOException {
    limits.setMemoryBytes(BUDGET_BYTES);
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        RespServer.start(
            lanes, new SystemClock(), new RespServer.Options(address, 128, -1), limits, sessions);
    modest = new TestClient(server.address());
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(new TestClient(server.address()));
    }
  }

  @AfterEach
  void stop() throws Exception {
    modest.close();
    for (TestClient client : clients) {
      client.close();
    }
    await().until(() -> server.connected() == 0);
    await().untilAsserted(() -> assertThat(server.memory().heldBytes()).isZero());
    server.stop(TimeUnit.SECONDS.toNanos(5));
    lanes.close();
    assertThat(uncaught).isEmpty();
  }

  private long count(Event event) {
    return server.counters().stream().mapToLong(lane -> lane.get(event)).sum();
  }

  private void modestClientNoticesNothing() throws IOException {
    for (int i = 0; i < 100; i++) {
      assertThat(modest.ask("ECHO abc\r\n", 9)).isEqualTo("$3\r\nabc\r\n");
    }
    long bound = BUDGET_BYTES + (long) CLIENTS * (ClientLoad.ALLOWANCE_BYTES + READ_BYTES);
    assertThat(server.memory().heldBytes()).isLessThan(bound);
  }

  @Test
  void requestsThatNeverComeWholeAreGivenUpAndTheirConnectionsLive() throws Exception {
    String begin = "*2\r\n$4\r\nECHO\r\n$500000\r\n";
    String half = "x".repeat(250_000);
    for (TestClient client : clients) {
      client.send(begin).send(half);
    }
    await().until(() -> count(Event.MEMORY_PAUSES) > 0);
    modestClientNoticesNothing();
    await().atMost(60, TimeUnit.SECONDS).until(() -> count(Event.MEMORY_REFUSALS) > 0);
    modestClientNoticesNothing();
    int refused = 0;
    for (TestClient client : clients) {
      Thread sender = Thread.startVirtualThread(() -> sendQuietly(client, half + "\r\nPING\r\n"));
      if (client.read(1).equals("-")) {
        assertThat(client.read(10)).isEqualTo("OVERLOADED");
        client.readUntil("try again later\r\n");
        refused++;
      } else {
        assertThat(client.read(8 + 500_000 + 2)).startsWith("500000\r\nxxx").endsWith("x\r\n");
      }
      assertThat(client.read(7)).as("what follows is served").isEqualTo("+PONG\r\n");
      sender.join();
    }
    assertThat(refused).isPositive().isEqualTo(count(Event.MEMORY_REFUSALS));
    assertThat(count(Event.MEMORY_CLOSES)).isZero();
  }

  @Test
  void whoSendsTheRestPassesThoseWhoDoNot() throws Exception {
    String half = "x".repeat(250_000);
    List<TestClient> several = clients.subList(0, 24);
    for (TestClient client : several) {
      client.send("*2\r\n$4\r\nECHO\r\n$500000\r\n").send(half);
    }
    await().until(() -> count(Event.MEMORY_PAUSES) > 0);
    TestClient last = several.getLast();
    Thread sender = Thread.startVirtualThread(() -> sendQuietly(last, half + "\r\n"));
    assertThat(last.read(9 + 500_000 + 2)).startsWith("$500000\r\nxxx").endsWith("x\r\n");
    assertThat(count(Event.MEMORY_REFUSALS)).as("those it waited for").isZero();
    sender.join();
  }

  @Test
  void moreLargeRequestsThanMemoryHoldsAreServedOneAfterTheOther() throws Exception {
    String request = "*2\r\n$4\r\nECHO\r\n$500000\r\n" + "x".repeat(500_000) + "\r\n";
    List<FutureTask<String>> conversations = new ArrayList<>();
    for (TestClient client : clients) {
      FutureTask<String> conversation =
          new FutureTask<>(() -> {
            StringBuilder replies = new StringBuilder();
            for (int i = 0; i < 4; i++) {
              String begin = client.ask(request, 9);
              assertThat(begin).isEqualTo("$500000\r\n");
              replies.append(begin).append(client.read(500_000 + 2), 0, 3);
            }
            return replies.toString();
          });
      Thread.startVirtualThread(conversation);
      conversations.add(conversation);
    }
    modestClientNoticesNothing();
    for (FutureTask<String> conversation : conversations) {
      assertThat(conversation.get()).isEqualTo("$500000\r\nxxx".repeat(4));
    }
    assertThat(count(Event.MEMORY_PAUSES)).isPositive();
    assertThat(count(Event.MEMORY_REFUSALS)).isZero();
    assertThat(count(Event.MEMORY_CLOSES)).isZero();
  }

  private static void sendQuietly(TestClient client, String text) {
    try {
      client.send(text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void repliesMayTakeTwiceTheBudget() {
    ClientMemory memory = new ClientMemory(limits);
    assertThat(memory.hasRoomForReply(100 * BUDGET_BYTES)).as("one alone").isTrue();
    memory.add(BUDGET_BYTES + 1);
    assertThat(memory.hasRoomForReply(BUDGET_BYTES - 1)).isTrue();
    assertThat(memory.hasRoomForReply(BUDGET_BYTES)).isFalse();
    memory.add(-BUDGET_BYTES);
    assertThat(memory.hasRoomForReply(100 * BUDGET_BYTES)).isTrue();
  }

  @Test
  void requestsUnderWayOnlyMakeTheirClientsWait() throws Exception {
    // Smaller than the allowance: whoever has to wait has one of them under way.
    String request = "*2\r\n$4\r\nHOLD\r\n$50000\r\n" + "x".repeat(50_000) + "\r\n";
    List<Thread> senders = new ArrayList<>();
    for (TestClient client : clients) {
      senders.add(Thread.startVirtualThread(() -> sendQuietly(client, request.repeat(40))));
    }
    await().until(() -> count(Event.MEMORY_PAUSES) > CLIENTS / 4);
    modestClientNoticesNothing();
    sessions.release();
    for (TestClient client : clients) {
      assertThat(client.read(40 * 5)).isEqualTo("+OK\r\n".repeat(40));
    }
    for (Thread sender : senders) {
      sender.join();
    }
    assertThat(count(Event.MEMORY_REFUSALS)).isZero();
    assertThat(count(Event.MEMORY_CLOSES)).isZero();
  }

  @Test
  void whoLeavesRepliesUnreadIsClosedWhenMemoryStaysShort() throws Exception {
    for (TestClient client : clients.subList(0, 3)) {
      client.send("BYTES 12000000\r\n");
    }
    modestClientNoticesNothingWhileClosing();
    for (TestClient client : clients.subList(3, CLIENTS)) {
      assertThat(client.ask("PING\r\n", 7)).isEqualTo("+PONG\r\n");
    }
    await().untilAsserted(() -> assertThat(server.memory().heldBytes()).isLessThan(BUDGET_BYTES));
  }

  private void modestClientNoticesNothingWhileClosing() throws IOException {
    await().atMost(60, TimeUnit.SECONDS).until(() -> count(Event.MEMORY_CLOSES) > 0);
    assertThat(modest.ask("PING\r\n", 7)).isEqualTo("+PONG\r\n");
  }
}
