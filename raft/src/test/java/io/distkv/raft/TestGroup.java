package io.distkv.raft;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A group of servers on one thread: virtual time, messages that can be held up or lost, disks that
 * can be held up. Checks after everything that happens what must always hold (Raft paper, figure
 * 3).
 */
final class TestGroup {
  static final long MILLI = 1_000_000;
  static final RaftOptions OPTIONS =
      new RaftOptions(100 * MILLI, 10 * MILLI, 100, 1_000, 4_000, 100_000, 1_000, 0);

  private final RaftOptions options;
  private final SeededRandomness random;
  private final SortedMap<Long, TestServer> servers = new TreeMap<>();
  private final List<Message> mail = new ArrayList<>();
  private final SortedMap<Long, Entry> committed = new TreeMap<>();
  private final SortedMap<Long, Long> leaders = new TreeMap<>();
  private final Map<Position, Entry> sent = new HashMap<>();

  /** Up to where each server has told the leader of its newest term that it has the log. */
  private final Map<Long, Position> promised = new HashMap<>();

  private final Set<Long> cut = new TreeSet<>();
  private Predicate<Message> lost = message -> false;
  private long now = 1_000_000_000L;
  private byte nextNumber;

  TestGroup(int voters) {
    this(voters, 1, OPTIONS);
  }

  TestGroup(int voters, long seed, RaftOptions options) {
    this.options = options;
    random = new SeededRandomness(seed);
    long[] ids = new long[voters];
    for (int i = 0; i < voters; i++) {
      ids[i] = i + 1L;
    }
    Membership membership = Membership.ofVoters(ids);
    for (long id : ids) {
      servers.put(id, new TestServer(id, this, membership, voters == 1));
    }
  }

  RaftOptions options() {
    return options;
  }

  SeededRandomness newRandomness() {
    return new SeededRandomness(random.nextLong());
  }

  /** Another number each time. */
  byte nextNumber() {
    return nextNumber++;
  }

  SeededRandomness random() {
    return random;
  }

  long now() {
    return now;
  }

  TestServer server(long id) {
    TestServer server = servers.get(id);
    if (server == null) {
      throw new IllegalArgumentException("no server " + id);
    }
    return server;
  }

  List<TestServer> servers() {
    return List.copyOf(servers.values());
  }

  List<Message> mail() {
    return mail;
  }

  /** Adds a server that knows nothing but the members it begins with. */
  TestServer join(long id, Membership membership) {
    TestServer server = new TestServer(id, this, membership, false);
    servers.put(id, server);
    return server;
  }

  // The network.

  void post(Message message) {
    switch (message) {
      case Message.AppendRequest request -> request.entries().forEach(this::checkSame);
      case Message.AppendReply reply -> promise(message, reply.matched());
      case Message.SnapshotReply reply when reply.installed() -> promise(message, reply.index());
      default -> {}
    }
    mail.add(message);
  }

  private void promise(Message message, long index) {
    promised.merge(
        message.from(),
        new Position(message.term(), index),
        (before, now) -> now.isAtLeast(before) ? now : before);
  }

  /** Cuts servers off from all others. */
  void cutOff(long... ids) {
    for (long id : ids) {
      cut.add(id);
    }
  }

  /** Lets everybody talk to everybody. */
  void heal() {
    cut.clear();
    lost = message -> false;
  }

  /** From here on these messages are lost. */
  void lose(Predicate<Message> which) {
    lost = which;
  }

  /** Delivers one message, or loses it. */
  void deliver(Message message) {
    TestServer to = servers.get(message.to());
    boolean through = !cut.contains(message.from()) && !cut.contains(message.to());
    if (to != null && to.isUp() && through && !lost.test(message)) {
      to.raft().receive(message, now);
      settle(to);
    }
  }

  // Time.

  /** Lets everything happen that needs no time. */
  void run() {
    boolean more = true;
    while (more) {
      more = false;
      for (TestServer server : servers.values()) {
        if (server.isUp()) {
          settle(server);
          while (server.writeOne()) {
            settle(server);
            more = true;
          }
        }
      }
      while (!mail.isEmpty()) {
        more = true;
        deliver(mail.removeFirst());
      }
    }
  }

  /** Carries out all effects of a server, and checks what must hold. */
  void settle(TestServer server) {
    while (server.turn()) {
      check(server);
    }
  }

  /** Time goes on by steps of a millisecond, and everything happens in it. */
  void advanceMillis(long millis) {
    for (long i = 0; i < millis; i++) {
      now += MILLI;
      for (TestServer server : servers.values()) {
        if (server.isUp()) {
          server.raft().tick(now);
        }
      }
      run();
    }
  }

  void passNanos(long nanos) {
    now += nanos;
  }

  /** Waits for a leader that a majority follows. */
  TestServer elect() {
    for (int i = 0; i < 100; i++) {
      TestServer leader = leader();
      if (leader != null) {
        return leader;
      }
      advanceMillis(50);
    }
    throw new AssertionError("nobody is elected");
  }

  /** The leader of the highest term that knows what is committed; null if there is none. */
  @Nullable TestServer leader() {
    TestServer found = null;
    for (TestServer server : servers.values()) {
      if (server.isUp()
          && server.raft().role() == Role.LEADER
          && server.raft().committed() == server.raft().last().index()
          && (found == null || found.raft().term() < server.raft().term())) {
        found = server;
      }
    }
    return found;
  }

  /** Makes a server the leader, by having only it notice that there is none. */
  TestServer elect(long id) {
    TestServer server = server(id);
    elect();
    server.raft().wake(now);
    for (int i = 0; i < 100 && leader() != server; i++) {
      TestServer current = leader();
      if (current != null) {
        current.raft().transferTo(id, now);
      }
      advanceMillis(20);
    }
    assertThat(leader()).isSameAs(server);
    return server;
  }

  /** Proposes on a server and lets everything happen that needs no time. */
  long propose(TestServer leader, String command) {
    long index = leader.raft().propose(command.getBytes(UTF_8), now);
    run();
    return index;
  }

  // What must always hold.

  /** State machine safety: nobody ever applies another entry at an index. */
  void committed(long server, Entry entry) {
    Entry before = committed.putIfAbsent(entry.index(), entry);
    if (before != null
        && (before.term() != entry.term() || !Arrays.equals(before.payload(), entry.payload()))) {
      throw new AssertionError("server " + server + " applies another entry at " + entry.index());
    }
  }

  /** Log matching: whoever sends an entry of a term and an index, it is the same. */
  private void checkSame(Entry entry) {
    Entry before = sent.putIfAbsent(new Position(entry.term(), entry.index()), entry);
    if (before != null && !Arrays.equals(before.payload(), entry.payload())) {
      throw new AssertionError(
          "two entries at %d of term %d".formatted(entry.index(), entry.term()));
    }
  }

  long termOf(long index) {
    Entry entry = committed.get(index);
    return entry == null ? 0 : entry.term();
  }

  /** What a state machine holds that has applied everything up to an index. */
  List<String> stateAt(long index) {
    return committed.headMap(index + 1).values().stream()
        .filter(entry -> entry.kind() == Entry.Kind.COMMAND)
        .map(entry -> new String(entry.payload(), UTF_8))
        .toList();
  }

  private void check(TestServer server) {
    Raft raft = server.raft();
    Position promise = promised.getOrDefault(raft.id(), Position.NONE);
    if (raft.term() == promise.term() && raft.last().index() < promise.index()) {
      throw new AssertionError(
          "server %d has lost entry %d, which the leader of term %d counts on"
              .formatted(raft.id(), promise.index(), promise.term()));
    }
    if (raft.role() == Role.LEADER) {
      Long other = leaders.putIfAbsent(raft.term(), raft.id());
      if (other != null && other != raft.id()) {
        throw new AssertionError("two leaders in term " + raft.term());
      }
      long last = committed.isEmpty() ? 0 : committed.lastKey();
      if (raft.term() == highestTerm() && raft.last().index() < last) {
        throw new AssertionError("the leader of term " + raft.term() + " lacks entry " + last);
      }
    }
    checkLeases();
  }

  private long highestTerm() {
    return leaders.lastKey();
  }

  /** At most one server believes at any time that no other can lead. */
  private void checkLeases() {
    List<Long> holders =
        servers.values().stream()
            .filter(TestServer::isUp)
            .filter(each -> each.raft().hasLease(now))
            .map(TestServer::id)
            .toList();
    if (holders.size() > 1) {
      throw new AssertionError("servers with a lease: " + holders);
    }
  }
}
