package io.distkv.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A server of a {@link TestGroup}: what its disk holds, what its state machine has applied, and the
 * group's part that runs on it.
 */
final class TestServer {
  private final long id;
  private final TestGroup group;
  private HardState durableState = HardState.NONE;
  private final SortedMap<Long, Entry> durableEntries = new TreeMap<>();
  private SnapshotInfo durableSnapshot;
  private List<String> snapshotState = List.of();

  /** What was given to the disk and is not done yet, in order: writes, and work on snapshots. */
  private final Queue<Effect> disk = new ArrayDeque<>();

  /** The snapshots that are held ready for others, by the server that each is for. */
  private final SortedMap<Long, Opened> open = new TreeMap<>();

  private @Nullable PartialSnapshot durablePartial;
  private final List<Byte> durablePieces = new ArrayList<>();

  private final List<String> applied = new ArrayList<>();
  private long appliedIndex;
  private final List<Effect> seen = new ArrayList<>();
  private final SortedMap<Long, Long> reads = new TreeMap<>();
  private final List<Long> readsRefused = new ArrayList<>();
  private @Nullable Raft raft;
  private boolean diskHeld;
  private boolean alone;

  /**
   * A snapshot that can be read. No two have the same bytes: all of one are its number.
   *
   * @param number among those of the whole group
   */
  private record Opened(SnapshotInfo snapshot, byte number) {
    /** From one to three. */
    int sizeBytes() {
      return (int) (snapshot.last().index() % 3) + 1;
    }
  }

  /**
   * @param alone whether its group has had no other member so far
   */
  TestServer(long id, TestGroup group, Membership membership, boolean alone) {
    this.id = id;
    this.group = group;
    this.alone = alone;
    durableSnapshot = new SnapshotInfo(Position.NONE, membership);
    start();
  }

  /** Starts it, or starts it again, with what its disk holds. */
  void start() {
    disk.clear();
    open.clear();
    applied.clear();
    applied.addAll(snapshotState);
    appliedIndex = durableSnapshot.last().index();
    raft = new Raft(id, group.options(), group.newRandomness(), restored(), group.now());
  }

  private Restored restored() {
    if (alone && durableEntries.values().stream().noneMatch(TestServer::bringsMembers)) {
      durableEntries.values().forEach(this::apply);
      return Restored.ofAlone(id, new Position(group.termOf(appliedIndex), appliedIndex));
    }
    return new Restored(
            durableState,
            durableSnapshot.last(),
            durableSnapshot.membership(),
            List.copyOf(durableEntries.values()))
        .with(durablePartial);
  }

  private static boolean bringsMembers(Entry entry) {
    return entry.kind() == Entry.Kind.MEMBERSHIP;
  }

  /** Ends it; what was not durable is lost. */
  void crash() {
    raft = null;
    disk.clear();
  }

  boolean isUp() {
    return raft != null;
  }

  Raft raft() {
    if (raft == null) {
      throw new IllegalStateException("server " + id + " is down");
    }
    return raft;
  }

  long id() {
    return id;
  }

  /** What its state machine has applied, in order. */
  List<String> applied() {
    return applied;
  }

  long appliedIndex() {
    return appliedIndex;
  }

  /** The index that must be applied, of each read that may be served. */
  SortedMap<Long, Long> reads() {
    return reads;
  }

  List<Long> readsRefused() {
    return readsRefused;
  }

  /** All effects so far, but for messages. */
  List<Effect> seen() {
    return seen;
  }

  /** From here on, nothing becomes durable until {@link #releaseDisk}. */
  void holdDisk() {
    diskHeld = true;
  }

  void releaseDisk() {
    diskHeld = false;
  }

  /** Carries out what the group wants done; returns whether there was anything. */
  boolean turn() {
    List<Effect> effects = raft().takeEffects();
    for (Effect effect : effects) {
      carryOut(effect);
    }
    return !effects.isEmpty();
  }

  /** Does the oldest work of the disk, if there is any and the disk works. */
  boolean writeOne() {
    Effect next = diskHeld ? null : disk.poll();
    if (next == null) {
      return false;
    }
    switch (next) {
      case Effect.Persist persist -> write(persist);
      case Effect.OpenSnapshot(long to) -> openSnapshot(to);
      case Effect.ReadPiece(long to, long offset) -> readPiece(to, offset);
      case Effect.WritePiece(Message.SnapshotPiece piece) -> writePiece(piece);
      case Effect.InstallSnapshot(SnapshotInfo snapshot) -> install(snapshot);
      default -> throw new IllegalStateException("no work for a disk: " + next);
    }
    return true;
  }

  private void write(Effect.Persist persist) {
    if (persist.cuts()) {
      durableEntries.tailMap(persist.cutAfter() + 1).clear();
    }
    for (Entry entry : persist.entries()) {
      durableEntries.put(entry.index(), entry);
    }
    HardState newState = persist.hardState();
    durableState = newState == null ? durableState : newState;
    raft().persisted(persist, group.now());
  }

  private void readPiece(long to, long offset) {
    Opened from = open.get(to);
    if (from != null) {
      boolean end = offset == from.sizeBytes();
      byte[] bytes = end ? new byte[0] : new byte[] {from.number()};
      raft().pieceRead(to, offset, bytes, offset + bytes.length == from.sizeBytes());
    }
  }

  private void writePiece(Message.SnapshotPiece piece) {
    if (piece.offset() == 0) {
      durablePieces.clear();
    }
    if (durablePieces.size() != piece.offset()) {
      throw new AssertionError(
          "server %d writes at %d behind %s".formatted(id, piece.offset(), durablePieces));
    }
    for (byte each : piece.bytes()) {
      durablePieces.add(each);
    }
    durablePartial = PartialSnapshot.upTo(piece);
    raft().pieceWritten(piece);
  }

  private void openSnapshot(long to) {
    SnapshotInfo snapshot =
        new SnapshotInfo(
            new Position(group.termOf(appliedIndex), appliedIndex),
            raft().membershipAt(appliedIndex));
    open.put(to, new Opened(snapshot, group.nextNumber()));
    raft().snapshotOpened(to, snapshot);
  }

  private void carryOut(Effect effect) {
    if (!(effect instanceof Effect.Send)) {
      seen.add(effect);
    }
    switch (effect) {
      case Effect.Send(Message message) -> group.post(message);
      case Effect.Committed(long index) -> apply(index);
      case Effect.ReadReady(long read, long index) -> reads.put(read, index);
      case Effect.ReadRefused(long read) -> readsRefused.add(read);
      case Effect.RoleChanged _, Effect.MembershipChanged _ -> {}
      case Effect.CloseSnapshot(long to) -> open.remove(to);
      case Effect.Persist _,
          Effect.OpenSnapshot _,
          Effect.ReadPiece _,
          Effect.WritePiece _,
          Effect.InstallSnapshot _ ->
          disk.add(effect);
    }
  }

  private void apply(long index) {
    while (appliedIndex < index) {
      apply(raft().entry(appliedIndex + 1));
    }
  }

  private void apply(Entry entry) {
    appliedIndex = entry.index();
    group.committed(id, entry);
    if (entry.kind() == Entry.Kind.COMMAND) {
      applied.add(new String(entry.payload(), java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  private void install(SnapshotInfo snapshot) {
    if (durablePieces.stream().distinct().count() != 1) {
      throw new AssertionError("server " + id + " mixes snapshots: " + durablePieces);
    }
    alone = false;
    durablePartial = null;
    durableSnapshot = snapshot;
    durableEntries.clear();
    snapshotState = group.stateAt(snapshot.last().index());
    applied.clear();
    applied.addAll(snapshotState);
    appliedIndex = snapshot.last().index();
    raft().installed(snapshot);
  }

  /** Puts the state on disk and forgets the log behind it. */
  void compact() {
    long index = lastDurable();
    alone &=
        durableEntries.headMap(index + 1).values().stream().noneMatch(TestServer::bringsMembers);
    durableSnapshot =
        new SnapshotInfo(new Position(group.termOf(index), index), raft().membershipAt(index));
    snapshotState = group.stateAt(index);
    durableEntries.headMap(index + 1).clear();
    raft().applied(index);
  }

  /** Up to where the disk has what was applied; entries that it is yet to cut do not count. */
  private long lastDurable() {
    long index = appliedIndex;
    while (index > durableSnapshot.last().index() && !isDurable(index)) {
      index--;
    }
    return index;
  }

  private boolean isDurable(long index) {
    Entry entry = durableEntries.get(index);
    return entry != null && entry.term() == group.termOf(index);
  }
}
