package io.distkv.bench.raft;

import io.distkv.base.ByteWriter;
import io.distkv.base.Lane;
import io.distkv.platform.Platform;
import io.distkv.raft.Effect;
import io.distkv.raft.Entry;
import io.distkv.raft.HardState;
import io.distkv.raft.Membership;
import io.distkv.raft.Message;
import io.distkv.raft.Raft;
import io.distkv.raft.RaftOptions;
import io.distkv.raft.Refusal;
import io.distkv.raft.Restored;
import io.distkv.raft.Role;
import io.distkv.storage.journal.Journal;
import io.distkv.storage.journal.JournalEnvironment;
import io.distkv.storage.journal.JournalListener;
import io.distkv.storage.journal.JournalOptions;
import io.distkv.storage.journal.RecordKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * A replica as a node will run it: a platform of its own with one lane, its sync worker and a
 * journal, and the group's part that runs on the lane. What a turn has to say to another replica
 * goes there as one task.
 *
 * <p>All that was handed to the journal is reported to the group in order, once the journal is
 * durable up to there. Nothing is ever read back.
 */
final class OurReplica implements JournalListener {
  private static final long GROUP = 1;
  private static final long CATCH_UP_BYTES = 512L << 20;
  private static final RaftOptions OPTIONS = options();
  private static final long TICK_NANOS = OPTIONS.heartbeatNanos() / 4;
  private static final long RELEASE_EACH_BYTES = 64L << 20;

  private final Platform platform;
  private final Lane lane;
  private final CompletableFuture<OurReplica> leads;
  private final Raft raft;
  private final Journal journal;
  private final List<Peer> peers = new ArrayList<>();
  private final Queue<Writing> writing = new ArrayDeque<>();
  private final Queue<Proposed> proposed = new ArrayDeque<>();
  private final Runnable turnEnd = this::endTurn;
  private boolean inTurn;
  private boolean stopped;
  private HardState hardState = HardState.NONE;
  private long unreleasedBytes;

  /** Durable when the journal is durable up to its end. */
  private record Writing(long end, Effect.Persist persist) {}

  /** Another replica, and what this turn has to say to it. */
  private record Peer(OurReplica replica, List<Message> outgoing) {
    void flush() {
      if (!outgoing.isEmpty()) {
        List<Message> batch = List.copyOf(outgoing);
        outgoing.clear();
        replica.lane.complete(() -> replica.receive(batch));
      }
    }
  }

  private record Proposed(long index, Contender.Proposal proposal) {}

  /**
   * Opens a replica in a folder of its own.
   *
   * @param leads completed by the first replica that leads
   */
  OurReplica(long id, Membership members, Path folder, CompletableFuture<OurReplica> leads)
      throws IOException {
    this.leads = leads;
    Platform.Options usual = Platform.Options.forThisMachine();
    platform =
        Platform.start(
            folder,
            new Platform.Options(1, usual.laneQueueTasks(), 1, usual.readQueueTasks(), 1),
            (thread, failure) -> halt(thread.getName(), failure));
    lane = platform.lane(0);
    raft = new Raft(id, OPTIONS, platform.newRandomness(), Restored.ofNew(members), now());
    journal =
        Journal.open(
            new JournalEnvironment(
                platform.disk(),
                "journal",
                id,
                lane,
                platform.sync(0),
                platform.background(),
                platform.newRandomness()),
            JournalOptions.DEFAULT,
            (replica, incarnation, kind, term, index, payload, offset, length) -> {},
            this);
  }

  /** The usual ones, but for followers that lag: there are no snapshots for them here. */
  private static RaftOptions options() {
    return RaftOptions.DEFAULT.withCatchUpBytes(CATCH_UP_BYTES);
  }

  private static void halt(String where, Throwable failure) {
    System.err.println(where + " failed");
    failure.printStackTrace();
    Runtime.getRuntime().halt(1);
  }

  private long now() {
    return platform.clock().monotonicNanos();
  }

  // From any thread.

  /** Begins to talk to the others. */
  void start(List<OurReplica> all) {
    lane.complete(() -> {
      for (OurReplica each : all) {
        if (each != this) {
          peers.add(new Peer(each, new ArrayList<>()));
        }
      }
      tick();
    });
  }

  /** Proposes an entry, if this replica leads. */
  void propose(byte[] payload, Contender.Proposal proposal) {
    lane.complete(() -> {
      beginTurn();
      Refusal refusal = raft.refusal(payload.length);
      if (refusal != null) {
        proposal.failed("refused: " + refusal);
      } else {
        proposed.add(new Proposed(raft.propose(payload, now()), proposal));
      }
    });
  }

  /** From here on it says nothing. All are to be stopped before any is closed. */
  void stop() throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    lane.complete(() -> {
      stopped = true;
      done.complete(null);
    });
    done.get();
  }

  void close() throws Exception {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    lane.complete(() -> journal.close(() -> closed.complete(null)));
    closed.get();
    platform.close();
  }

  // On the lane.

  private void tick() {
    beginTurn();
    raft.tick(now());
    if (!stopped) {
      lane.schedule(TICK_NANOS, this::tick);
    }
  }

  private void receive(List<Message> messages) {
    beginTurn();
    long now = now();
    for (Message message : messages) {
      raft.receive(message, now);
    }
  }

  private void beginTurn() {
    if (!inTurn) {
      inTurn = true;
      lane.atTurnEnd(turnEnd);
    }
  }

  private void endTurn() {
    inTurn = false;
    if (stopped) {
      return;
    }
    do {
      carryOut();
    } while (completeWrites(journal.durablePosition()));
    peers.forEach(Peer::flush);
  }

  private void send(Message message) {
    for (Peer each : peers) {
      if (each.replica().raft.id() == message.to()) {
        each.outgoing().add(message);
      }
    }
  }

  private void carryOut() {
    for (Effect effect : raft.takeEffects()) {
      switch (effect) {
        case Effect.Send(Message message) -> send(message);
        case Effect.Persist persist -> write(persist);
        case Effect.Committed(long index) -> apply(index);
        case Effect.RoleChanged(Role role, long _, long _) -> {
          if (role == Role.LEADER) {
            leads.complete(this);
          } else {
            proposed.forEach(each -> each.proposal().failed("the leader is one no more"));
            proposed.clear();
          }
        }
        default -> throw new IllegalStateException("not of this benchmark: " + effect);
      }
    }
  }

  private void write(Effect.Persist persist) {
    if (persist.cuts()) {
      append(RecordKind.TRUNCATE, raft.term(), persist.cutAfter() + 1, new byte[0], 0);
    }
    for (Entry entry : persist.entries()) {
      byte[] payload = entry.payload();
      append(RecordKind.ENTRY, entry.term(), entry.index(), payload, payload.length);
    }
    HardState changed = persist.hardState();
    if (changed != null) {
      hardState = changed;
      writeHardState();
    }
    writing.add(new Writing(journal.endPosition(), persist));
  }

  private void writeHardState() {
    byte[] bytes =
        new ByteWriter(2 * Long.BYTES)
            .putLong(hardState.term())
            .putLong(hardState.vote())
            .toByteArray();
    append(RecordKind.HARD_STATE, hardState.term(), 0, bytes, bytes.length);
  }

  private void append(RecordKind kind, long term, long index, byte[] payload, int length) {
    unreleasedBytes += length;
    journal.append(GROUP, 1, kind, term, index, payload, 0, length, Journal.SYNC_AT_ONCE);
  }

  private boolean completeWrites(long durablePosition) {
    boolean some = false;
    for (Writing next = writing.peek();
        next != null && next.end() <= durablePosition;
        next = writing.peek()) {
      writing.remove();
      raft.persisted(next.persist(), now());
      some = true;
    }
    return some;
  }

  private void apply(long index) {
    for (Proposed next = proposed.peek();
        next != null && next.index() <= index;
        next = proposed.peek()) {
      proposed.remove();
      next.proposal().committed();
    }
    raft.applied(index);
    if (unreleasedBytes >= RELEASE_EACH_BYTES) {
      unreleasedBytes = 0;
      // The newest hard state keeps its segment, and all after it.
      writeHardState();
      journal.release(GROUP, index);
    }
  }

  @Override
  public void advanced(long writtenPosition, long durablePosition) {
    if (completeWrites(durablePosition)) {
      beginTurn();
    }
  }

  @Override
  public void failed(IOException cause) {
    halt("a journal", cause);
  }

  @Override
  public void diskFull(boolean full) {
    if (full) {
      failed(new IOException("the disk is full"));
    }
  }
}
