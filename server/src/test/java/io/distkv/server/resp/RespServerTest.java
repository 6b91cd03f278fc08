package io.distkv.server.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.distkv.platform.Lanes;
import io.distkv.platform.SystemClock;
import io.distkv.server.resp.ConnectionCounters.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RespServerTest {
  private static final int LANES = 2;

  private final ConcurrentLinkedQueue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
  private final Lanes lanes = Lanes.start(LANES, 1024, (thread, thrown) -> uncaught.add(thrown));
  private final ClientLimits limits = new ClientLimits();
  private final FakeSessions sessions = new FakeSessions(lanes);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(RespConnection.class);
  private RespServer server;

  @BeforeEach
  void start() throws IOException {
    logged.start();
    logger.addAppender(logged);
    server = start(0, -1);
  }

  private RespServer start(int port, int homeLane) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return RespServer.start(
        lanes, new SystemClock(), new RespServer.Options(address, 128, homeLane), limits, sessions);
  }

  @AfterEach
  void stop() throws InterruptedException {
    server.stop(TimeUnit.SECONDS.toNanos(5));
    lanes.close();
    logger.detachAppender(logged);
    assertThat(uncaught).isEmpty();
    assertThat(logged.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.ERROR));
  }

  private TestClient connect() throws IOException {
    return new TestClient(server.address());
  }

  private long count(Event event) {
    return server.counters().stream().mapToLong(lane -> lane.get(event)).sum();
  }

  @Test
  void pipelinesAreAnsweredInOrderHoweverDeep() throws Exception {
    try (TestClient client = connect()) {
      StringBuilder requests = new StringBuilder();
      StringBuilder replies = new StringBuilder();
      for (int i = 0; i < 20_000; i++) {
        String word = "word" + i;
        requests.append(i % 7 == 0 ? "LATER " : "ECHO ").append(word).append("\r\n");
        replies.append("$").append(word.length()).append("\r\n").append(word).append("\r\n");
      }
      Thread sender = Thread.startVirtualThread(() -> sendAll(client, requests.toString()));
      assertThat(client.read(replies.length())).isEqualTo(replies.toString());
      sender.join();
    }
    assertThat(sessions.mostInFlight).hasValueLessThanOrEqualTo(1024);
  }

  @Test
  void pipelinesOfRequestsWithoutRepliesGoOnHoweverDeep() throws Exception {
    try (TestClient client = connect()) {
      Thread sender =
          Thread.startVirtualThread(() -> sendAll(client, "MUTE\r\n".repeat(20_000) + "PING\r\n"));
      assertThat(client.read("+PONG\r\n".length())).isEqualTo("+PONG\r\n");
      sender.join();
    }
    assertThat(sessions.mostInFlight).hasValueLessThanOrEqualTo(1024);
  }

  private static void sendAll(TestClient client, String requests) {
    try {
      client.send(requests);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void requestsCutAnywhereOverTheWire() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    try (TestClient client = connect()) {
      for (int round = 0; round < 50; round++) {
        ByteArrayOutputStream requests = new ByteArrayOutputStream();
        ByteArrayOutputStream replies = new ByteArrayOutputStream();
        for (int i = 0; i < 10; i++) {
          byte[] word = new byte[random.nextInt(10) == 0 ? 100_000 : random.nextInt(50)];
          random.nextBytes(word);
          String header = "$" + word.length + "\r\n";
          requests.writeBytes(("*2\r\n$4\r\nECHO\r\n" + header).getBytes(ISO_8859_1));
          requests.writeBytes(word);
          requests.writeBytes("\r\n".getBytes(ISO_8859_1));
          replies.writeBytes(header.getBytes(ISO_8859_1));
          replies.writeBytes(word);
          replies.writeBytes("\r\n".getBytes(ISO_8859_1));
        }
        byte[] all = requests.toByteArray();
        int cut = random.nextInt(all.length);
        byte[] first = java.util.Arrays.copyOf(all, cut);
        byte[] rest = java.util.Arrays.copyOfRange(all, cut, all.length);
        client.send(first).send(rest);
        assertThat(client.read(replies.size()))
            .as("seed %d", seed)
            .isEqualTo(replies.toString(ISO_8859_1));
      }
    }
  }

  @Test
  void aProtocolErrorIsToldAfterTheRepliesBeforeItAndEndsTheConnection() throws Exception {
    try (TestClient client = connect()) {
      client.send("LATER a\r\n*1\r\n$x\r\nPING\r\n");
      assertThat(client.readToEnd())
          .isEqualTo("$1\r\na\r\n-ERR Protocol error: invalid bulk length\r\n");
    }
    assertThat(count(Event.PROTOCOL_ERRORS)).isEqualTo(1);
  }

  @Test
  void framesOverTheLimitsAreRefusedAtTheirHeader() throws Exception {
    try (TestClient client = connect()) {
      client.send("*2\r\n$4\r\nECHO\r\n$" + (RespServer.MAX_BULK_BYTES + 1) + "\r\n");
      assertThat(client.readToEnd()).isEqualTo("-ERR Protocol error: invalid bulk length\r\n");
    }
    try (TestClient client = connect()) {
      client.send("*1048577\r\n");
      assertThat(client.readToEnd()).isEqualTo("-ERR Protocol error: invalid multibulk length\r\n");
    }
  }

  @Test
  void httpIsCutOff() throws Exception {
    try (TestClient client = connect()) {
      client.send("POST / HTTP/1.1\r\nHost: localhost\r\n\r\nPING\r\n");
      assertThatThrownBy(
              () -> {
                if (client.readToEnd().isEmpty()) {
                  throw new SocketException("closed");
                }
              })
          .isInstanceOf(SocketException.class);
    }
    assertThat(sessions.submitted).hasValue(0);
  }

  @Test
  void aClientThatEndsItsOutputStillGetsItsReplies() throws Exception {
    try (TestClient client = connect()) {
      client.send("LATER a\r\nPING\r\nLATER b\r\n").endOutput();
      assertThat(client.readToEnd()).isEqualTo("$1\r\na\r\n+PONG\r\n$1\r\nb\r\n");
    }
  }

  @Test
  void quitClosesAfterItsReplyAndWhatFollowsIsIgnored() throws Exception {
    try (TestClient client = connect()) {
      client.send("PING\r\nQUIT\r\nPING\r\n");
      assertThat(client.readToEnd()).isEqualTo("+PONG\r\n+OK\r\n");
    }
    await().until(() -> sessions.open.get() == 0);
  }

  @Test
  void theVersionOfTheProtocolChangesInTheMiddleOfAPipeline() throws Exception {
    try (TestClient client = connect()) {
      assertThat(client.ask("NULL\r\nPROTO 3\r\nNULL\r\nPROTO 2\r\nNULL\r\n", 23))
          .isEqualTo("$-1\r\n+OK\r\n_\r\n+OK\r\n$-1\r\n");
    }
  }

  @Test
  void aClientThatDoesNotReadIsNotReadAndHarmsNobody() throws Exception {
    try (TestClient slow = connect();
        TestClient other = connect()) {
      int replies = 400;
      int bytes = 100_000;
      slow.send(("BYTES " + bytes + "\r\n").repeat(replies));
      await().until(() -> count(Event.INPUT_PAUSES) > 0);
      assertThat(other.ask("PING\r\n", 7)).isEqualTo("+PONG\r\n");
      // The socket's own buffers hold a few megabytes; far from all was asked of the session.
      assertThat(sessions.submitted).hasValueLessThan(replies);
      int allBytes = replies * (bytes + ("$" + bytes + "\r\n\r\n").length());
      assertThat(slow.read(allBytes)).hasSize(allBytes);
      assertThat(slow.ask("PING\r\n", 7)).isEqualTo("+PONG\r\n");
    }
  }

  @Test
  void aClientWithTooManyUnreadRepliesIsClosed() throws Exception {
    limits.setOutputBytes(4 * 1024 * 1024);
    try (TestClient slow = connect();
        TestClient other = connect()) {
      // Held together and answered in one turn: no pause can come between.
      slow.send("HOLD\r\n" + "BYTES 1000000\r\n".repeat(100));
      await().until(() -> sessions.submitted.get() == 101);
      sessions.release();
      await().until(() -> count(Event.OUTPUT_LIMIT_CLOSES) == 1);
      assertThat(other.ask("PING\r\n", 7)).isEqualTo("+PONG\r\n");
      await().until(() -> sessions.open.get() == 1);
    }
  }

  @Test
  void vanishedClientsAreForgotten() throws Exception {
    List<TestClient> clients = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      TestClient client = connect();
      clients.add(client);
      client.send(i % 2 == 0 ? "*3\r\n$3\r\nSET\r\n$1000\r\nxx" : "HOLD\r\nBYTES 1000000\r\n");
    }
    await().until(() -> sessions.open.get() == 50);
    for (TestClient client : clients) {
      client.vanish();
    }
    await().until(() -> sessions.open.get() == 0 && server.connected() == 0);
  }

  @Test
  void whoStopsSendingWhileItHasToPauseGetsAllReplies() throws Exception {
    String reply = "$100000\r\n" + "\0".repeat(100_000) + "\r\n";
    try (TestClient client = connect()) {
      client.send("BYTES 100000\r\n".repeat(1000));
      await().until(() -> count(Event.INPUT_PAUSES) > 0);
      client.endOutput();
      for (int i = 0; i < 1000; i++) {
        assertThat(client.read(reply.length())).isEqualTo(reply);
      }
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  @Test
  void whoVanishesWhileItHasToPauseIsForgotten() throws Exception {
    String requests = "HOLD\r\n".repeat(1500) + "BYTES 1000\r\n".repeat(100);
    for (int i = 0; i < 100; i++) {
      TestClient client = connect();
      client.send(requests);
      int paused = i + 1;
      await().until(() -> count(Event.INPUT_PAUSES) == paused);
      client.vanish();
    }
    sessions.release();
    await().until(() -> sessions.open.get() == 0 && server.connected() == 0);
  }

  @Test
  void oneClientTooManyIsToldSo() throws Exception {
    limits.setMaxClients(2);
    try (TestClient first = connect();
        TestClient second = connect()) {
      assertThat(first.ask("PING\r\n", 7)).isEqualTo("+PONG\r\n");
      assertThat(second.ask("PING\r\n", 7)).isEqualTo("+PONG\r\n");
      try (TestClient third = connect()) {
        assertThat(third.readToEnd()).isEqualTo("-ERR max number of clients reached\r\n");
      }
    }
    await().until(() -> server.connected() == 0);
    try (TestClient again = connect()) {
      assertThat(again.ask("PING\r\n", 7)).isEqualTo("+PONG\r\n");
    }
  }

  @Test
  void idleClientsAreClosedOnlyIfAsked() throws Exception {
    try (TestClient idle = connect()) {
      assertThat(idle.ask("PING\r\n", 7)).isEqualTo("+PONG\r\n");
      limits.setIdleNanos(TimeUnit.MILLISECONDS.toNanos(100));
      assertThat(idle.readToEnd()).isEmpty();
    }
    assertThat(count(Event.IDLE_CLOSES)).isEqualTo(1);
  }

  @Test
  void stoppingAnswersWhatIsUnderWay() throws Exception {
    try (TestClient busy = connect();
        TestClient idle = connect()) {
      assertThat(idle.ask("PING\r\n", 7)).isEqualTo("+PONG\r\n");
      busy.send("HOLD\r\nPING\r\n");
      await().until(() -> sessions.submitted.get() == 3);
      Thread stopping = Thread.ofVirtual().unstarted(this::stopServer);
      stopping.start();
      assertThat(idle.readToEnd()).isEmpty();
      sessions.release();
      assertThat(busy.readToEnd()).isEqualTo("+OK\r\n+PONG\r\n");
      stopping.join();
    }
  }

  private void stopServer() {
    try {
      server.stop(TimeUnit.SECONDS.toNanos(20));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void stoppingDoesNotWaitForEver() throws Exception {
    try (TestClient stuck = connect()) {
      stuck.send("HOLD\r\n");
      await().until(() -> sessions.submitted.get() == 1);
      server.stop(TimeUnit.MILLISECONDS.toNanos(50));
      assertThat(sessions.open).hasValue(0);
    }
  }

  @Test
  void aTakenPortIsAnError() {
    assertThatThrownBy(() -> start(server.address().getPort(), -1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in use");
  }

  @Test
  void connectionsGoToTheHomeLaneOrToAllInTurn() throws Exception {
    List<TestClient> clients = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      clients.add(connect());
    }
    await().until(() -> sessions.open.get() == 4);
    assertThat(server.counters()).allMatch(lane -> lane.get(Event.OPENED) == 2);
    server.stop(TimeUnit.SECONDS.toNanos(5));
    server = start(0, 1);
    for (int i = 0; i < 4; i++) {
      clients.add(connect());
    }
    await().until(() -> sessions.open.get() == 4);
    assertThat(server.counters().get(1).get(Event.OPENED)).isEqualTo(4);
    for (TestClient client : clients) {
      client.close();
    }
  }
}
