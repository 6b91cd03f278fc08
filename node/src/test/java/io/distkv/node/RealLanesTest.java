package io.distkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Lane;
import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.session.Output;
import io.distkv.node.session.Session;
import io.distkv.node.session.SessionContext;
import io.distkv.node.world.TestClient;
import io.distkv.platform.Platform;
import io.distkv.storage.tree.TreeOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node on the threads and the disk of this machine. */
@Timeout(60)
class RealLanesTest {
  private static final int SESSIONS = 6;
  private static final int ROUNDS = 150;

  @TempDir Path folder;
  private final ConcurrentLinkedQueue<Throwable> wrong = new ConcurrentLinkedQueue<>();

  @Test
  void manySessionsOnTwoLanesSeeTheirOwnWritesAndWholeTransactions() throws Exception {
    NodeOptions options =
        NodeOptions.defaults().toBuilder()
            .keyspaces(List.of(KeyspaceOptions.of(0, "default").withPartitions(4)))
            .memtableBytes(256 * 1024)
            .blockCacheBytes(64 * 1024)
            .tree(TreeOptions.DEFAULT.withMemtableBytes(32 * 1024))
            .journalSegmentBytes(64 * 1024)
            .journalBytes(512 * 1024)
            .build();
    try (Platform platform = platform()) {
      Node node = start(platform, options);
      CountDownLatch done = new CountDownLatch(SESSIONS);
      for (int i = 0; i < SESSIONS; i++) {
        new Worker(node, platform, i, done).start();
      }
      assertThat(done.await(50, TimeUnit.SECONDS)).isTrue();
      assertThat(wrong).isEmpty();
      stop(node);
    }
    try (Platform platform = platform()) {
      Node node = start(platform, options);
      CompletableFuture<String> counted = new CompletableFuture<>();
      platform
          .lane(0)
          .complete(() ->
              new Client(node, 0, reply -> counted.complete(TestClient.text(reply)))
                  .session.submit(TestClient.words("GET {s0}n")));
      assertThat(counted.get(10, TimeUnit.SECONDS)).isEqualTo(Integer.toString(ROUNDS));
      stop(node);
    }
    assertThat(wrong).isEmpty();
  }

  /** Clients of a keyspace that comes and goes are answered, whatever they ask it. */
  @Test
  void keyspacesComeAndGoUnderLoad() throws Exception {
    NodeOptions options =
        NodeOptions.defaults().toBuilder()
            .keyspaces(List.of(KeyspaceOptions.of(0, "default")))
            .memtableBytes(256 * 1024)
            .tree(TreeOptions.DEFAULT.withMemtableBytes(32 * 1024))
            .build();
    try (Platform platform = platform()) {
      Node node = start(platform, options);
      List<Repeated> guests = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        guests.add(
            new Repeated(
                node,
                platform.lane(i % 2),
                "SELECT orders",
                "SET a" + i + " " + "x".repeat(500),
                "GET a" + i,
                "MGET a0 a1 a2 a3",
                "DBSIZE",
                "FLUSHALL"));
      }
      guests.forEach(guest -> guest.start(Integer.MAX_VALUE));
      Repeated admin =
          new Repeated(
              node,
              platform.lane(0),
              "KEYSPACE CREATE orders NUMBER 5 PARTITIONS 2",
              "KEYSPACE ALTER orders DURABILITY none MAXBYTES 100000000 COMPRESSION zstd",
              "KEYSPACE DESCRIBE orders",
              "KEYSPACE ALTER orders MAXBYTES 0 HISTORY 1000",
              "KEYSPACE DROP orders orders");
      admin.start(5 * 30);
      admin.ended.get(50, TimeUnit.SECONDS);
      assertThat(admin.failures).isEmpty();
      for (Repeated guest : guests) {
        guest.start(0);
        guest.ended.get(10, TimeUnit.SECONDS);
        assertThat(guest.failures)
            .allMatch(line ->
                line.equals("-ERR keyspace orders was dropped; SELECT another")
                    || line.equals("-ERR there is no keyspace with the name 'orders'"));
      }
      stop(node);
    }
    assertThat(wrong).isEmpty();
  }

  /** Sends commands in turn, each when the one before it is answered. */
  private static final class Repeated {
    final CompletableFuture<String> ended = new CompletableFuture<>();
    final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final Lane lane;
    private final String[] commands;
    private final CompletableFuture<Client> client = new CompletableFuture<>();
    private int left;
    private int next;

    Repeated(Node node, Lane lane, String... commands) {
      this.lane = lane;
      this.commands = commands;
      lane.complete(() -> client.complete(new Client(node, lane.index(), this::replied)));
    }

    /** How many it sends from here on. */
    void start(int requests) {
      lane.complete(() -> {
        boolean begins = left == 0 && next == 0;
        left = requests;
        if (begins) {
          send();
        }
      });
    }

    private void send() {
      if (left <= 0) {
        ended.complete("ended");
        return;
      }
      left--;
      String command = commands[next++ % commands.length];
      client.join().session.submit(TestClient.words(command));
    }

    private void replied(Reply reply) {
      String text = TestClient.text(reply);
      if (text.startsWith("-")) {
        failures.add(text);
      }
      lane.complete(this::send);
    }
  }

  private Platform platform() throws Exception {
    return Platform.start(
        folder, new Platform.Options(2, 65_536, 2, 1_024, 2), (_, uncaught) -> wrong.add(uncaught));
  }

  private Node start(Platform platform, NodeOptions options) throws Exception {
    CompletableFuture<String> started = new CompletableFuture<>();
    Node node =
        Node.start(
            new NodeEnvironment(
                platform.disk(),
                platform.clock(),
                platform.newRandomness(),
                platform.lanes().lanes(),
                List.of(platform.sync(0), platform.sync(1)),
                platform.reads(),
                platform.background()),
            options,
            new NodeHost() {},
            new Events(started, wrong));
    assertThat(started.get(20, TimeUnit.SECONDS)).isEqualTo("started");
    return node;
  }

  private static void stop(Node node) throws Exception {
    CompletableFuture<String> stopped = new CompletableFuture<>();
    node.stop(() -> stopped.complete("stopped"));
    assertThat(stopped.get(20, TimeUnit.SECONDS)).isEqualTo("stopped");
  }

  /** Writes, reads back and transfers in pipelines, and checks each reply when it comes. */
  private final class Worker {
    private final Client client;
    private final String tag;
    private final CountDownLatch done;
    private final List<String> replies = new ArrayList<>();
    private final Lane lane;
    private int round;

    Worker(Node node, Platform platform, int number, CountDownLatch done) {
      lane = platform.lane(number % 2);
      tag = "{s" + number + "}";
      this.done = done;
      AtomicReference<Client> made = new AtomicReference<>();
      CountDownLatch open = new CountDownLatch(1);
      lane.complete(() -> {
        made.set(new Client(node, lane.index(), this::replied));
        open.countDown();
      });
      try {
        assertThat(open.await(10, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      client = made.get();
    }

    void start() {
      lane.complete(this::nextRound);
    }

    private void nextRound() {
      if (round == ROUNDS) {
        done.countDown();
        return;
      }
      round++;
      replies.clear();
      submit("INCR " + tag + "n");
      submit("GET " + tag + "n");
      submit("SET " + tag + "big" + round % 20 + " " + "x".repeat(300));
      submit("MULTI");
      submit("SET shared{x}a " + tag + round);
      submit("SET shared{x}b " + tag + round);
      submit("EXEC");
      submit("MGET shared{x}a shared{x}b");
      submit("STRLEN " + tag + "big" + round / 2 % 20);
    }

    private void submit(String command) {
      client.session.submit(TestClient.words(command));
    }

    private void replied(Reply reply) {
      replies.add(TestClient.text(reply));
      if (replies.size() < 9) {
        return;
      }
      String now = Integer.toString(round);
      List<String> expected = List.of(":" + now, now, "OK", "OK", "QUEUED", "QUEUED", "[OK, OK]");
      String[] both = replies.get(7).substring(1, replies.get(7).length() - 1).split(", ", -1);
      if (!replies.subList(0, 7).equals(expected) || !both[0].equals(both[1])) {
        wrong.add(new AssertionError("round " + round + " of " + tag + ": " + replies));
      }
      lane.complete(this::nextRound);
    }
  }

  private static final class Client implements Output {
    private final Consumer<Reply> replies;
    private final Session session;

    Client(Node node, int lane, Consumer<Reply> replies) {
      this.replies = replies;
      session = node.open(new SessionContext(lane, "client", "node", this));
    }

    @Override
    public void reply(Reply reply) {
      replies.accept(reply);
    }

    @Override
    public void unanswered() {}

    @Override
    public void protocol(int version) {}

    @Override
    public void close() {}

    @Override
    public long inputBytes() {
      return 0;
    }

    @Override
    public boolean hasRoomFor(long replyBytes) {
      return true;
    }

    @Override
    public long outputBytes() {
      return 0;
    }
  }

  private record Events(
      CompletableFuture<String> startedOrNot, ConcurrentLinkedQueue<Throwable> wrong)
      implements NodeEvents {
    @Override
    public void recovering(int journal, long doneBytes, long totalBytes) {}

    @Override
    public void started() {
      startedOrNot.complete("started");
    }

    @Override
    public void failed(Throwable cause) {
      startedOrNot.completeExceptionally(cause);
      wrong.add(cause);
    }

    @Override
    public void defect(Throwable cause) {
      wrong.add(cause);
    }
  }
}
