package io.distkv.node.replica;

import io.distkv.base.MalformedBytesException;
import io.distkv.raft.Entry;
import io.distkv.raft.HardState;
import io.distkv.raft.Membership;
import io.distkv.raft.MembershipFormat;
import io.distkv.raft.Position;
import io.distkv.raft.Restored;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.journal.RecordKind;
import io.distkv.storage.manifest.Applied;
import java.io.IOException;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a start reads of one replica in the journal: applies what is known to be committed, and
 * keeps the rest for the group to decide on.
 *
 * <p>The log of a server that has always been alone in its group is committed as it stands, and
 * applied as it is read. Of any other, entries are applied up to the commit index that the journal
 * was told last, and of those applied the last few are kept for members that lag.
 *
 * <p>An entry may come twice, if it was appended again to free its old place; and when the first of
 * several old places are gone, and the others are not, the log has a gap for a while. What comes
 * again fills it: only a gap that is there at the end is damage.
 *
 * <p>Invariant: {@code entries} are those from {@code base} on, without a gap.
 */
final class LogReplay {
  private final long self;
  private final Applier applier;
  private final long keepBytes;
  private final long firstIncarnation;
  private final long ownIncarnation;
  private final NavigableMap<Long, Entry> entries = new TreeMap<>();
  private long entryBytes;
  private Position base;
  private Membership baseMembership;
  private HardState hardState = HardState.NONE;
  private long committed;

  /** The last entry that came behind a gap; 0 if none did. */
  private long aheadIndex;

  private boolean alone;

  /**
   * @param self id of this server
   * @param applied how far the tables hold the log
   * @param firstIncarnation that the replica had: what is older is another's of the same name
   * @param keepBytes of applied entries that are kept
   */
  LogReplay(long self, Applier applier, Applied applied, long firstIncarnation, long keepBytes) {
    this.self = self;
    this.applier = applier;
    this.keepBytes = keepBytes;
    base = new Position(applied.term(), applied.index());
    committed = applied.index();
    this.firstIncarnation = firstIncarnation;
    Attachment attachment = applier.attachment();
    ownIncarnation = firstIncarnation + attachment.installs();
    baseMembership = attachment.membership();
    alone =
        attachment.installs() == 0
            && attachment.membershipIndex() == 0
            && baseMembership.equals(Membership.ofVoters(self));
  }

  /**
   * Takes a record of the replica, in the order of the journal.
   *
   * @throws CorruptionException if it cannot be the next one, or cannot be understood
   */
  void record(
      long incarnation,
      RecordKind kind,
      long term,
      long index,
      byte[] payload,
      int offset,
      int length)
      throws IOException {
    if (incarnation < firstIncarnation
        || (incarnation < ownIncarnation && kind != RecordKind.HARD_STATE)) {
      return;
    }
    try {
      switch (kind) {
        case ENTRY -> entry(term, index, payload, offset, length);
        case TRUNCATE -> truncate(index);
        case HARD_STATE -> {
          LogFormat.KeptState kept = LogFormat.state(payload, offset, length);
          hardState = kept.hardState();
          if (incarnation == ownIncarnation) {
            committed = Math.max(committed, kept.committed());
          }
          applyCommitted();
        }
        case CHECKPOINT -> {}
      }
    } catch (MalformedBytesException e) {
      throw applier.damaged(index, String.valueOf(e.getMessage()));
    }
  }

  private long lastIndex() {
    return entries.isEmpty() ? base.index() : entries.lastKey();
  }

  private void entry(long term, long index, byte[] payload, int offset, int length)
      throws IOException {
    if (index <= lastIndex()) {
      requireSame(term, index);
      return;
    }
    if (index > lastIndex() + 1) {
      aheadIndex = Math.max(aheadIndex, index);
      return;
    }
    if (alone && LogFormat.isCommand(payload, offset, length)) {
      applier.replay(term, index, payload, offset, length);
      base = new Position(term, index);
      committed = index;
      return;
    }
    // The first that is not a command brings a second member.
    alone = false;
    Entry entry = LogFormat.entry(term, index, payload, offset, length);
    entries.put(index, entry);
    entryBytes += entry.payload().length;
  }

  /** What takes the place of an entry comes after a record that takes the old one away. */
  private void requireSame(long term, long index) throws CorruptionException {
    Entry present = entries.get(index);
    if (present != null && present.term() != term) {
      throw applier.damaged(index, "it has term " + present.term() + ", and then term " + term);
    }
  }

  private void truncate(long index) {
    aheadIndex = Math.min(aheadIndex, index - 1);
    SortedMap<Long, Entry> cut = entries.tailMap(index);
    cut.values().forEach(entry -> entryBytes -= entry.payload().length);
    cut.clear();
  }

  private void applyCommitted() throws IOException {
    for (Entry entry : entries.subMap(applier.appliedIndex(), false, committed, true).values()) {
      applier.replay(entry);
    }
    while (entryBytes > keepBytes && entries.firstKey() <= committed) {
      forget(entries.pollFirstEntry().getValue());
    }
  }

  private void forget(Entry entry) {
    entryBytes -= entry.payload().length;
    base = new Position(entry.term(), entry.index());
    if (entry.kind() == Entry.Kind.MEMBERSHIP) {
      baseMembership = MembershipFormat.decode(entry.payload());
    }
  }

  /**
   * What the server knows when it joins its group.
   *
   * @throws CorruptionException if entries are missing
   */
  Restored restored() throws CorruptionException {
    if (aheadIndex > lastIndex()) {
      throw applier.damaged(aheadIndex, "the entries after " + lastIndex() + " are missing");
    }
    return alone
        ? Restored.ofAlone(self, base)
        : new Restored(hardState, base, baseMembership, List.copyOf(entries.values()))
            .withCommitted(applier.appliedIndex());
  }
}
