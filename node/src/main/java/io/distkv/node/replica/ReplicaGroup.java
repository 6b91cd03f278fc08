package io.distkv.node.replica;

import io.distkv.base.HybridClock;
import io.distkv.base.Workers;
import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.Catalog;
import io.distkv.node.replica.ReplicaCounters.Counter;
import io.distkv.raft.Message;
import io.distkv.storage.journal.Journal;
import io.distkv.storage.journal.JournalEnvironment;
import io.distkv.storage.journal.JournalOptions;
import io.distkv.storage.journal.RecordKind;
import io.distkv.storage.journal.RecordVisitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The replicas that share a journal, and what else they share: their lane and the clock that stamps
 * their writes. Usually a lane has one group; after a start with fewer lanes than the folder has
 * journals it has several.
 *
 * <p>Used on the lane only, but for the accessors of what never changes.
 */
public final class ReplicaGroup {
  private static final int FIRST_SEGMENT_BYTES = 1024 * 1024;
  private static final long LEAST_BUFFERED_BYTES = 1024 * 1024;
  private static final long MOST_BUFFERED_BYTES = 64L * 1024 * 1024;
  private static final long IDLE_LOOK_NANOS = 1_000_000;
  private static final long RELIEVE_PAUSE_NANOS = 100_000_000;

  /** How long a stop lets writes wait for room on a full disk, or for other nodes. */
  private static final long STOP_PATIENCE_NANOS = 2_000_000_000L;

  private final ReplicaEnvironment environment;
  private final int number;
  private final long journalId;
  private final LanePort port;
  private final Outbox outbox;
  private final HybridClock clock;
  private final ReplicaCounters counters = new ReplicaCounters();

  // Keys that other lanes looked up here.
  private final LongAdder hitsInPlace = new LongAdder();
  private final LongAdder missesInPlace = new LongAdder();

  private final JournalLog log;
  private final SortedMap<Long, Replica> replicas = new TreeMap<>();
  private final GroupChanges changes = new GroupChanges(this);

  /** Replicas that wait for time to pass. */
  private List<RaftReplica> awake = new ArrayList<>();

  /** The segment that the journal was relieved of last, and when it may be tried again. */
  private long relievedSegment = -1;

  private long relieveAgainNanos;
  private boolean ticking;
  private boolean stopping;
  private boolean lost;

  /**
   * @param number of the journal, from 0
   * @param journalId what its segments are known by
   * @param outbox of the port's lane
   */
  public ReplicaGroup(
      ReplicaEnvironment environment, int number, long journalId, LanePort port, Outbox outbox) {
    this.environment = environment;
    this.outbox = outbox;
    this.number = number;
    this.journalId = journalId;
    this.port = port;
    clock = new HybridClock(environment.clock());
    log = new JournalLog(environment.reserve(), this::relieveJournal, this::journalFailed);
  }

  /** Is told how far the replay of a journal has come. */
  @FunctionalInterface
  public interface Progress {
    void recovering(int journal, long doneBytes, long totalBytes);
  }

  /**
   * Opens the trees of the replicas, then the journal, and applies what it holds and the trees do
   * not: at most what was in memtables when the node ended, so it takes no more memory than then.
   * Blocks; on the lane, which has nothing else to do yet.
   *
   * @throws io.distkv.storage.CorruptionException if stored data is not as it was written
   */
  public void open(List<ReplicaIdentity> identities, Workers sync, Progress progress)
      throws IOException {
    SortedMap<Long, LogReplay> replays = new TreeMap<>();
    for (ReplicaIdentity identity : identities) {
      Replica replica = Replica.open(identity, this);
      replicas.put(identity.id(), replica);
      replays.put(identity.id(), replica.replay());
    }
    JournalEnvironment journalEnvironment =
        new JournalEnvironment(
            environment.disk(),
            directory(),
            journalId,
            port.lane(),
            sync,
            environment.background(),
            port.randomness());
    int segmentBytes = environment.journalSegmentBytes();
    // What is not written yet will be in the memtables: a small part of what they may take.
    long bufferedBytes =
        Math.clamp(
            environment.trees().memtables().bytes() / 8, LEAST_BUFFERED_BYTES, MOST_BUFFERED_BYTES);
    JournalOptions options =
        new JournalOptions(
            segmentBytes, Math.min(FIRST_SEGMENT_BYTES, segmentBytes), bufferedBytes);
    try {
      log.open(journalEnvironment, options, new Replay(replays, progress));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Map.Entry<Long, LogReplay> replay : replays.entrySet()) {
      replica(replay.getKey()).join(replay.getValue().restored());
    }
    for (Replica replica : replicas.values()) {
      log.journal().release(replica.identity().id(), replica.tree().applied().index());
    }
    for (long id : log.journal().replicas()) {
      if (!replicas.containsKey(id)) {
        log.journal().forget(id);
      }
    }
  }

  /** What the journal holds, applied. */
  private final class Replay implements RecordVisitor {
    private final SortedMap<Long, LogReplay> replays;
    private final Progress progress;

    Replay(SortedMap<Long, LogReplay> replays, Progress progress) {
      this.replays = replays;
      this.progress = progress;
    }

    @Override
    public void record(
        long id,
        long incarnation,
        RecordKind kind,
        long term,
        long index,
        byte[] payload,
        int offset,
        int length) {
      LogReplay replay = replays.get(id);
      if (replay == null) {
        return;
      }
      try {
        replay.record(incarnation, kind, term, index, payload, offset, length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void progress(long doneBytes, long totalBytes) {
      progress.recovering(number, doneBytes, totalBytes);
    }
  }

  /**
   * A journal over its budget is held by replicas that have not been flushed for long, or whose
   * groups do not decide. Once for each segment that is held, and again after a while: a flush
   * takes its time, and more would only make the journal grow.
   *
   * <p>What is not decided is written again only when it is at most half of the journal: each byte
   * of it is then written about once more for each byte that others write, and the journal is never
   * much larger than twice what must be in it, or its budget.
   */
  private void relieveJournal() {
    Journal journal = log.journal();
    if (journal.sizeBytes() <= environment.journalBytes()) {
      return;
    }
    long nowNanos = nowNanos();
    if (journal.oldestSegment() == relievedSegment && nowNanos - relieveAgainNanos < 0) {
      return;
    }
    relievedSegment = journal.oldestSegment();
    relieveAgainNanos = nowNanos + RELIEVE_PAUSE_NANOS;
    long undecidedBytes = replicas.values().stream().mapToLong(Replica::undecidedBytes).sum();
    boolean mayWriteAgain = 2 * undecidedBytes <= journal.sizeBytes();
    for (long id : journal.pinning()) {
      Replica replica = replicas.get(id);
      if (replica != null) {
        replica.relieveJournal(mayWriteAgain);
      }
    }
  }

  /** Nothing may be proposed from here on, not even by what comes back from a worker this turn. */
  private void journalFailed(IOException cause) {
    lose();
    environment.faults().fatal(cause);
  }

  /** The replicas, by number. */
  public List<Replica> replicas() {
    return List.copyOf(replicas.values());
  }

  /** The folder of its journal. */
  public String directory() {
    return directory(number);
  }

  /** The folder of a journal. */
  public static String directory(int journal) {
    return Catalog.JOURNALS + "/" + journal;
  }

  /** The number of its journal. */
  public int number() {
    return number;
  }

  public LanePort port() {
    return port;
  }

  /** What it has done and holds. */
  public GroupStatistics statistics() {
    return new GroupStatistics(
        number,
        log.journal().sizeBytes(),
        counts(),
        replicas.values().stream().map(Replica::statistics).toList());
  }

  /** What some of its replicas hold; those that are not there are passed over. */
  public List<ReplicaStatistics> statistics(List<ReplicaIdentity> some) {
    List<ReplicaStatistics> statistics = new ArrayList<>();
    for (ReplicaIdentity identity : some) {
      Replica replica = replicas.get(identity.id());
      if (replica != null && replica.identity().incarnation() == identity.incarnation()) {
        statistics.add(replica.statistics());
      }
    }
    return statistics;
  }

  private Map<Counter, Long> counts() {
    Map<Counter, Long> counts = new EnumMap<>(counters.all());
    counts.merge(Counter.HITS, hitsInPlace.sum(), Long::sum);
    counts.merge(Counter.MISSES, missesInPlace.sum(), Long::sum);
    return Collections.unmodifiableMap(counts);
  }

  /** Counts keys that another lane looked up here. On any lane. */
  void countInPlace(long hits, long misses) {
    hitsInPlace.add(hits);
    missesInPlace.add(misses);
  }

  private Replica replica(long id) {
    Replica replica = replicas.get(id);
    if (replica == null) {
      throw new IllegalStateException("no replica " + id + " in " + directory());
    }
    return replica;
  }

  /** The monotonic clock, now. */
  long nowNanos() {
    return environment.clock().monotonicNanos();
  }

  /** A replica needs to be told at the next tick that time has passed; not listed so far. */
  void awaken(RaftReplica replica) {
    awake.add(replica);
    if (!ticking) {
      ticking = true;
      port.lane().schedule(environment.raft().heartbeatNanos(), this::tick);
    }
  }

  /**
   * Tells all replicas that need it at the same time, so that what they then send to one node, the
   * heartbeats above all, leaves together.
   */
  private void tick() {
    ticking = false;
    List<RaftReplica> told = awake;
    awake = new ArrayList<>();
    long nowNanos = nowNanos();
    told.forEach(replica -> replica.tick(nowNanos));
  }

  /** A node is gone: replicas whose leader it has must not wait for it in their sleep. */
  public void gone(long node) {
    long nowNanos = nowNanos();
    replicas.values().forEach(replica -> replica.writes().replication().gone(node, nowNanos));
  }

  /** Sends a message of a replica. */
  void send(ReplicaIdentity replica, Message message) {
    outbox.post(replica.id(), message);
  }

  /**
   * Messages have come for a replica.
   *
   * @param nowNanos a look at the clock after they came
   */
  public void receive(long replica, Message message, long nowNanos) {
    Replica receiver = replicas.get(replica);
    if (receiver != null) {
      receiver.writes().replication().receive(message, nowNanos);
    }
  }

  ReplicaCounters counters() {
    return counters;
  }

  ReplicaEnvironment environment() {
    return environment;
  }

  HybridClock clock() {
    return clock;
  }

  JournalLog log() {
    return log;
  }

  /** What brings replicas and takes them away while it runs. */
  public GroupChanges changes() {
    return changes;
  }

  /** Whether the node has given up. */
  boolean lost() {
    return lost;
  }

  /** A new replica is there, and takes its part. */
  void add(Replica replica) {
    replicas.put(replica.identity().id(), replica);
    replica.joinNew();
  }

  /** A replica, or null if it is not there. */
  @Nullable Replica find(long id) {
    return replicas.get(id);
  }

  /** Lets go of a replica, if it is there: nothing that comes for it is its any more. */
  @Nullable Replica remove(long id) {
    return replicas.remove(id);
  }

  /** The node gave up on its disk: all that is under way ends, and whatever comes is refused. */
  public void lose() {
    lost = true;
    abandonAll(WritePath.LOST);
  }

  /** Whether the end has begun, so that nothing may be written that nobody asked for. */
  boolean stopping() {
    return stopping;
  }

  private void abandonAll(Reply.Failure why) {
    // All refuse before the first answer goes out: a session may go on at once, with any of them.
    replicas.values().forEach(replica -> replica.writes().refuseAll());
    replicas.values().forEach(replica -> replica.writes().abandonAll(why));
  }

  /**
   * Hands over what this node leads, lets what is under way end, flushes and closes everything.
   * Nothing new may come.
   *
   * <p>Other nodes are waited for only so long: whoever leads a group that hears nobody goes
   * without a successor, and a write that its group has not decided on is left to the others.
   *
   * <p>A full disk is not waited for either: writes that the journal has no room for are given up
   * after a while, nobody having been told that they happened; and memory is then not flushed, for
   * the journal has all of it, and the next start only takes longer.
   */
  public void stop(Runnable whenStopped) {
    stopping = true;
    stop(whenStopped, nowNanos() + STOP_PATIENCE_NANOS);
  }

  private void stop(Runnable whenStopped, long deadlineNanos) {
    boolean patient = nowNanos() - deadlineNanos < 0;
    if (!patient) {
      abandonUndecided();
    }
    boolean wait = replicas.values().stream().anyMatch(replica -> !replica.writes().idle());
    for (Replica replica : replicas.values()) {
      wait |= patient && replica.writes().replication().handOver();
    }
    if (wait) {
      port.lane().schedule(IDLE_LOOK_NANOS, () -> stop(whenStopped, deadlineNanos));
    } else {
      inTurn(new ArrayList<>(replicas.values()), this::flushAndClose, () -> log.close(whenStopped));
    }
  }

  private void abandonUndecided() {
    if (log.diskFull()) {
      abandonAll(WritePath.NO_ROOM);
    }
    for (Replica replica : replicas.values()) {
      WritePath writes = replica.writes();
      if (!writes.idle() && writes.replication().needsOthers()) {
        writes.abandonAll(WritePath.UNDECIDED);
      }
    }
  }

  private void flushAndClose(Replica replica, Runnable then) {
    replica.writes().replication().leave();
    if (replica.writes().lost()) {
      replica.tree().close(then);
      return;
    }
    replica.flushToStop(failure -> closeFlushed(replica, failure, then));
  }

  private void closeFlushed(Replica replica, @Nullable IOException failure, Runnable then) {
    if (failure != null) {
      // What is not in tables is in the journal: the next start takes longer, nothing is lost.
      environment.faults().defect(failure);
    }
    replica.tree().close(then);
  }

  private static void inTurn(List<Replica> rest, ReplicaStep step, Runnable whenDone) {
    if (rest.isEmpty()) {
      whenDone.run();
    } else {
      step.run(rest.removeFirst(), () -> inTurn(rest, step, whenDone));
    }
  }

  /** Something asynchronous that is done to one replica. */
  @FunctionalInterface
  private interface ReplicaStep {
    void run(Replica replica, Runnable then);
  }
}
