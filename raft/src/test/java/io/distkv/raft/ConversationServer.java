package io.distkv.raft;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server of a {@link Conversation}: what its disk holds, what it was told to do and has not done
 * yet, and a line for everything it does.
 */
final class ConversationServer {
  private final long id;
  private final RaftOptions options;
  private final Consumer<String> trace;
  private final Consumer<Message> mail;

  private HardState hardState = HardState.NONE;
  private SnapshotInfo snapshot;
  private final SortedMap<Long, Entry> entries = new TreeMap<>();

  private final Queue<Effect.Persist> writes = new ArrayDeque<>();
  private final SortedSet<Long> toOpen = new TreeSet<>();
  private final SortedMap<Long, Long> toRead = new TreeMap<>();
  private @Nullable PartialSnapshot partial;
  private Message.@Nullable SnapshotPiece toWrite;
  private @Nullable SnapshotInfo toInstall;

  private long starts;
  private @Nullable Raft raft;
  private String toldState = "";

  /**
   * @param trace takes a line for everything that happens
   * @param mail takes what is sent
   */
  ConversationServer(
      long id,
      RaftOptions options,
      Membership membership,
      Consumer<String> trace,
      Consumer<Message> mail) {
    this.id = id;
    this.options = options;
    this.trace = trace;
    this.mail = mail;
    snapshot = new SnapshotInfo(Position.NONE, membership);
  }

  long id() {
    return id;
  }

  boolean isUp() {
    return raft != null;
  }

  Raft raft() {
    if (raft == null) {
      throw new IllegalArgumentException("server " + id + " is down");
    }
    return raft;
  }

  // Its life.

  /** Starts with what the disk holds; chance is the same each time the file is run. */
  void start(long now) {
    starts++;
    raft =
        new Raft(
            id,
            options,
            new SeededRandomness(100 * id + starts),
            new Restored(
                    hardState,
                    snapshot.last(),
                    snapshot.membership(),
                    List.copyOf(entries.values()))
                .with(partial),
            now);
  }

  /** Ends; what was not written is lost. */
  void crash() {
    raft = null;
    writes.clear();
    toOpen.clear();
    toRead.clear();
    toWrite = null;
    toInstall = null;
    toldState = "";
  }

  /** Puts something on the disk instead of what is there, entries by their terms. */
  void restore(HardState newHardState, List<Long> terms) {
    hardState = newHardState;
    entries.clear();
    for (int i = 0; i < terms.size(); i++) {
      long index = i + 1L;
      byte[] payload = (index + " of " + terms.get(i)).getBytes(UTF_8);
      entries.put(index, new Entry(terms.get(i), index, Entry.Kind.COMMAND, payload));
    }
  }

  // What it does.

  /** Takes what the last input has brought. */
  void turn() {
    boolean again = false;
    for (List<Effect> more = raft().takeEffects(); !more.isEmpty(); more = raft().takeEffects()) {
      if (again) {
        say("and in the next turn");
      }
      more.forEach(this::note);
      again = true;
    }
  }

  private void say(String what) {
    trace.accept(id + " " + what);
  }

  private void note(Effect effect) {
    switch (effect) {
      case Effect.Send(Message message) -> {
        say("-> " + message.to() + " " + Shorthand.of(message));
        mail.accept(message);
      }
      case Effect.Persist persist -> {
        writes.add(persist);
        say("persist" + (describe(persist).isEmpty() ? " nothing more" : describe(persist)));
        for (Message message : persist.then()) {
          say("    then -> " + message.to() + " " + Shorthand.of(message));
        }
      }
      case Effect.Committed(long index) -> say("committed up to " + index);
      case Effect.ReadReady(long read, long index) -> say("read " + read + " ready at " + index);
      case Effect.ReadRefused(long read) -> say("read " + read + " refused");
      case Effect.RoleChanged(Role role, long term, long leader) ->
          say("becomes %s term=%d leader=%s".formatted(role, term, nameOf(leader)));
      case Effect.MembershipChanged(Membership members) -> say("members " + Shorthand.of(members));
      case Effect.OpenSnapshot(long to) -> {
        toOpen.add(to);
        say("open snapshot for " + to);
      }
      case Effect.ReadPiece(long to, long offset) -> {
        toRead.put(to, offset);
        say("read piece for " + to + " offset=" + offset);
      }
      case Effect.CloseSnapshot(long to) -> {
        toRead.remove(to);
        say("close snapshot for " + to);
      }
      case Effect.WritePiece(Message.SnapshotPiece piece) -> {
        toWrite = piece;
        say("write piece offset=" + piece.offset() + " bytes=" + piece.bytes().length);
      }
      case Effect.InstallSnapshot(SnapshotInfo info) -> {
        toInstall = info;
        say("install snapshot " + Shorthand.of(info));
      }
    }
  }

  private static String nameOf(long leader) {
    return leader == 0 ? "nobody" : Long.toString(leader);
  }

  private static String describe(Effect.Persist persist) {
    StringBuilder text = new StringBuilder();
    HardState state = persist.hardState();
    if (state != null) {
      text.append(" term=%d vote=%s".formatted(state.term(), nameOf(state.vote())));
    }
    if (persist.cuts()) {
      text.append(" cut after ").append(persist.cutAfter());
    }
    if (!persist.entries().isEmpty()) {
      text.append(" entries=").append(persist.entries().stream().map(Shorthand::of).toList());
    }
    return text.toString();
  }

  /** Says how it stands, if that is news. */
  void sayState(long now) {
    if (raft == null) {
      return;
    }
    String state =
        "is %s term=%d commit=%d last=%s%s%s"
            .formatted(
                raft.role(),
                raft.term(),
                raft.committed(),
                Shorthand.of(raft.last()),
                writes.isEmpty() ? "" : " writing=" + writes.size(),
                raft.hasLease(now) ? " lease" : "");
    if (!state.equals(toldState)) {
      toldState = state;
      say(state);
    }
  }

  // Its disk.

  boolean isWriting() {
    return !writes.isEmpty();
  }

  /** The oldest write is durable. */
  void writeOne(long now) {
    Effect.Persist persist = writes.poll();
    if (persist == null) {
      throw new IllegalArgumentException("server " + id + " writes nothing");
    }
    if (persist.cuts()) {
      entries.tailMap(persist.cutAfter() + 1).clear();
    }
    persist.entries().forEach(entry -> entries.put(entry.index(), entry));
    HardState state = persist.hardState();
    hardState = state == null ? hardState : state;
    say("has written" + describe(persist));
    raft().persisted(persist, now);
    turn();
  }

  /** The state holds everything up to an index for good, and the disk drops the log up to there. */
  void applied(long index) {
    snapshot =
        new SnapshotInfo(
            new Position(raft().entry(index).term(), index), raft().membershipAt(index));
    entries.headMap(index + 1).clear();
    raft().applied(index);
    turn();
  }

  // Snapshots.

  /** Opens the snapshot that was asked for, of what the disk has applied. */
  void open(long to) {
    takeToOpen(to);
    raft().snapshotOpened(to, snapshot);
    turn();
  }

  void cannotOpen(long to) {
    takeToOpen(to);
    raft().snapshotNotOpened(to);
    turn();
  }

  private void takeToOpen(long to) {
    if (!toOpen.remove(to)) {
      throw new IllegalArgumentException("nobody has asked for a snapshot for " + to);
    }
  }

  void read(long to, int bytes, boolean last) {
    long offset = asked(toRead.remove(to), "a piece for " + to);
    raft().pieceRead(to, offset, new byte[bytes], last);
    turn();
  }

  void written() {
    Message.SnapshotPiece piece = asked(toWrite, "a piece to be written");
    toWrite = null;
    partial = PartialSnapshot.upTo(piece);
    raft().pieceWritten(piece);
    turn();
  }

  /** The snapshot takes the place of the state and the log, once all earlier writes are done. */
  void installed() {
    SnapshotInfo info = asked(writes.isEmpty() ? toInstall : null, "a snapshot to be installed");
    toInstall = null;
    partial = null;
    snapshot = info;
    entries.clear();
    raft().installed(info);
    turn();
  }

  private static <T> T asked(@Nullable T thing, String what) {
    if (thing == null) {
      throw new IllegalArgumentException("nobody has asked for " + what);
    }
    return thing;
  }

  /** Does one thing of all that it was told and has not done; false if there is none. */
  boolean goOn(long now) {
    if (!writes.isEmpty()) {
      writeOne(now);
    } else if (toInstall != null) {
      installed();
    } else if (toWrite != null) {
      written();
    } else if (!toRead.isEmpty()) {
      long to = toRead.firstKey();
      Long offset = toRead.get(to);
      read(to, 10, offset != null && offset >= 10);
    } else if (!toOpen.isEmpty()) {
      open(toOpen.first());
    } else {
      return false;
    }
    return true;
  }
}
