package io.distkv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the Raft paper says of log compaction, section 7 and figure 13, and the thesis in chapter 5;
 * {@link PaperMembershipTest} has the snapshots of whole groups.
 */
class PaperCompactionTest {
  private static final long ME = Solo.ME;

  private static SnapshotInfo snapshot(long term, long index) {
    return new SnapshotInfo(new Position(term, index), Solo.voters(3));
  }

  @Test
  @DisplayName("7: what cannot be used of a snapshot is asked for anew, from its beginning")
  void aSnapshotThatCannotBeUsedBeginsAnew() {
    Solo solo = Solo.ofVoters(3);
    Message.SnapshotPiece head = piece(1, snapshot(1, 9), 1, 0, 10);
    solo.receive(head);
    solo.raft().pieceWritten(head);
    solo.settle();
    Message.SnapshotPiece damaged = piece(1, snapshot(1, 9), 1, 10, 5);
    solo.receive(damaged);
    solo.sent();
    solo.raft().pieceNotWritten(damaged);
    solo.settle();
    assertThat(solo.sent()).as("or leader and follower would go on without a pause").isEmpty();
    solo.receive(damaged);
    assertThat(solo.sent()).containsExactly(new Message.SnapshotReply(ME, 2, 1, 9, 1, 0, false, 4));
    solo.effects().clear();
    solo.receive(head);
    assertThat(solo.effects()).contains(new Effect.WritePiece(head));
  }

  private static Message.SnapshotPiece piece(
      long term, SnapshotInfo snapshot, long offset, int bytes, boolean last) {
    return new Message.SnapshotPiece(2, ME, term, snapshot, 1, offset, new byte[bytes], last, 4);
  }

  private static void install(Solo solo, SnapshotInfo snapshot) {
    Message.SnapshotPiece all = piece(solo.raft().term(), snapshot, 0, 10, true);
    solo.receive(all);
    solo.raft().pieceWritten(all);
    solo.settle();
    assertThat(solo.effects()).contains(new Effect.InstallSnapshot(snapshot));
    solo.raft().installed(snapshot);
    solo.settle();
  }

  private static Message append(Position previous, List<Entry> entries, long committed) {
    return new Message.AppendRequest(2, ME, 1, previous, entries, committed, 0);
  }

  private static Solo followerThatHasApplied(long index) {
    Solo solo = Solo.ofVoters(3);
    solo.receive(append(Position.NONE, Solo.entries(1, 1, 1, 1, 1), 4));
    solo.receive(new Message.Heartbeat(2, ME, 1, 4, 1, index, false));
    solo.sent();
    solo.raft().applied(index);
    return solo;
  }

  @Test
  @DisplayName("7: what is applied before it is durable here is dropped once it is")
  void whatIsAppliedFirstIsForgottenOnceItIsDurable() {
    Solo solo = Solo.ofVoters(3);
    solo.holdDisk();
    solo.receive(append(Position.NONE, Solo.entries(1, 1, 1, 1), 3));
    solo.receive(new Message.Heartbeat(2, ME, 1, 3, 1, 3, false));
    solo.raft().applied(3);
    assertThat(solo.raft().base()).isEqualTo(Position.NONE);
    solo.releaseDisk();
    assertThat(solo.raft().base()).isEqualTo(new Position(1, 3));
  }

  @Test
  @DisplayName("7: each server drops its log by itself, up to what its state holds")
  void aFollowerForgetsByItself() {
    Solo solo = followerThatHasApplied(3);
    assertThatThrownBy(() -> solo.raft().entry(3)).hasMessageContaining("is not in the log");
    assertThat(solo.raft().entry(4).index()).isEqualTo(4);
    assertThat(solo.raft().last()).isEqualTo(new Position(1, 4));
  }

  @Test
  @DisplayName("7: index and term of the last dropped entry are kept, for what follows it")
  void theLastForgottenPlaceIsKept() {
    Solo solo = followerThatHasApplied(4);
    solo.receive(append(new Position(1, 4), Solo.entries(5, 1), 4));
    assertThat(solo.sent()).containsExactly(new Message.AppendReply(ME, 2, 1, 5, 0));
    solo.receive(append(new Position(1, 1), Solo.entries(2, 1, 1, 1, 1, 1), 4));
    assertThat(solo.sent()).as("which reaches back behind it").hasSize(1);
    assertThat(solo.raft().last()).isEqualTo(new Position(1, 6));
  }

  @Test
  @DisplayName("Thesis 5.1: nothing is dropped that is not on the disk")
  void nothingIsForgottenBeforeItIsDurable() {
    Solo solo = Solo.ofVoters(3);
    solo.receive(append(Position.NONE, Solo.entries(1, 1), 1));
    solo.holdDisk();
    solo.receive(append(new Position(1, 1), Solo.entries(2, 1), 2));
    solo.receive(new Message.Heartbeat(2, ME, 1, 2, 1, 2, false));
    solo.raft().applied(2);
    assertThat(solo.raft().entry(2).index()).isEqualTo(2);
    solo.releaseDisk();
    solo.raft().applied(2);
    assertThatThrownBy(() -> solo.raft().entry(2)).hasMessageContaining("is not in the log");
  }

  @Test
  @DisplayName("7: a server starts with what its snapshot holds, which was committed")
  void aServerBeginsWithItsSnapshot() {
    Solo solo =
        new Solo(
            new Restored(
                new HardState(2, 0), new Position(2, 9), Solo.voters(3), Solo.entries(10, 2)));
    assertThat(solo.raft().committed()).isEqualTo(9);
    assertThat(solo.raft().last()).isEqualTo(new Position(2, 10));
    assertThat(solo.raft().membership()).isEqualTo(Solo.voters(3));
  }

  @Test
  @DisplayName("7: a snapshot that is ahead of the log takes its place as a whole")
  void aSnapshotThatIsAheadReplacesTheLog() {
    Solo solo = Solo.withLog(3, 1, 2, 2);
    solo.receive(new Message.Heartbeat(2, ME, 5, 0, 1, 0, false));
    install(solo, snapshot(4, 9));
    assertThat(solo.raft().last()).isEqualTo(new Position(4, 9));
    assertThat(solo.raft().committed()).isEqualTo(9);
    assertThatThrownBy(() -> solo.raft().entry(3)).hasMessageContaining("is not in the log");
  }

  @Test
  @DisplayName("7: a snapshot takes the place of entries that conflict with it, too")
  void aSnapshotReplacesWhatConflicts() {
    Solo solo = Solo.withLog(3, 1, 2, 2, 2, 2);
    solo.receive(new Message.Heartbeat(2, ME, 5, 0, 1, 0, false));
    install(solo, snapshot(4, 3));
    assertThat(solo.raft().last()).isEqualTo(new Position(4, 3));
    solo.sent();
    solo.receive(new Message.AppendRequest(2, ME, 5, new Position(4, 3), Solo.entries(4, 5), 4, 0));
    assertThat(solo.raft().committed()).isEqualTo(4);
    assertThat(solo.sent()).containsExactly(new Message.AppendReply(ME, 2, 5, 4, 0));
  }

  @Test
  @DisplayName("Figure 13, rule 6: if the log has the snapshot's last entry, what follows it stays")
  void whatStandsBehindASnapshotStays() {
    Solo solo = Solo.ofVoters(3);
    solo.receive(append(Position.NONE, Solo.entries(1, 1, 1, 1), 0));
    solo.sent();
    solo.receive(piece(1, snapshot(1, 2), 0, 10, true));
    assertThat(solo.effects()).noneMatch(Effect.WritePiece.class::isInstance);
    assertThat(solo.raft().last()).isEqualTo(new Position(1, 3));
    assertThat(solo.raft().committed()).as("what is in a snapshot is").isEqualTo(2);
    assertThat(solo.sent()).containsExactly(new Message.SnapshotReply(ME, 2, 1, 2, 1, 0, true, 4));
  }

  @Test
  @DisplayName("Figure 13, rule 6: also if that entry comes while the snapshot is being written")
  void entriesThatOvertakeASnapshotStay() {
    Solo solo = Solo.ofVoters(3);
    Message.SnapshotPiece all = piece(1, snapshot(1, 2), 0, 10, true);
    solo.receive(all);
    solo.holdDisk();
    solo.receive(append(Position.NONE, Solo.entries(1, 1, 1, 1), 0));
    solo.raft().pieceWritten(all);
    solo.settle();
    assertThat(solo.effects()).noneMatch(Effect.InstallSnapshot.class::isInstance);
    assertThat(solo.sent()).as("nothing before the entries are durable").isEmpty();
    solo.releaseDisk();
    assertThat(solo.sent())
        .contains(
            new Message.AppendReply(ME, 2, 1, 3, 0),
            new Message.SnapshotReply(ME, 2, 1, 2, 1, 0, true, 4));
    assertThat(solo.raft().last()).isEqualTo(new Position(1, 3));
  }

  @Test
  @DisplayName("Figure 13, rule 6: while a snapshot takes the log's place, no entry is taken")
  void noEntryIsTakenWhileASnapshotIsInstalled() {
    Solo solo = Solo.ofVoters(3);
    Message.SnapshotPiece all = piece(1, snapshot(1, 2), 0, 10, true);
    solo.receive(all);
    solo.raft().pieceWritten(all);
    solo.settle();
    assertThat(solo.effects()).contains(new Effect.InstallSnapshot(snapshot(1, 2)));
    solo.sent();
    solo.receive(append(Position.NONE, Solo.entries(1, 1, 1, 1), 0));
    assertThat(solo.sent()).isEmpty();
    assertThat(solo.raft().last()).isEqualTo(Position.NONE);
  }

  @Test
  @DisplayName("7: the membership of a snapshot holds from when it is installed")
  void theMembershipOfASnapshotHolds() {
    Solo solo = Solo.ofVoters(3);
    solo.receive(new Message.Heartbeat(2, ME, 5, 0, 1, 0, false));
    Membership members = Membership.ofVoters(1, 2, 4);
    install(solo, new SnapshotInfo(new Position(4, 3), members));
    assertThat(solo.raft().membership()).isEqualTo(members);
    assertThat(solo.effects()).contains(new Effect.MembershipChanged(members));
  }

  @Test
  @DisplayName("Figure 13, rule 1: a snapshot from a leader of an earlier term is refused")
  void aStaleLeadersSnapshotIsRefused() {
    Solo solo = Solo.withLog(3, 5);
    solo.receive(piece(4, snapshot(4, 9), 0, 10, true));
    assertThat(solo.effects()).noneMatch(Effect.WritePiece.class::isInstance);
    assertThat(solo.sent()).containsExactly(new Message.HeartbeatReply(ME, 2, 5, 0));
  }

  @Test
  @DisplayName("Figure 13, rules 2 to 4: a snapshot is installed when all its pieces are there")
  void aSnapshotIsInstalledWhenAllOfItIsThere() {
    Solo solo = Solo.ofVoters(3);
    Message.SnapshotPiece first = piece(1, snapshot(1, 9), 0, 10, false);
    Message.SnapshotPiece second = piece(1, snapshot(1, 9), 10, 5, true);
    solo.receive(first);
    solo.raft().pieceWritten(first);
    solo.receive(second);
    assertThat(solo.effects()).noneMatch(Effect.InstallSnapshot.class::isInstance);
    assertThat(solo.raft().last()).isEqualTo(Position.NONE);
    solo.raft().pieceWritten(second);
    solo.settle();
    assertThat(solo.effects()).contains(new Effect.InstallSnapshot(snapshot(1, 9)));
    assertThat(solo.raft().committed()).as("not before it has happened").isZero();
  }

  @Test
  @DisplayName("Figure 13, rule 5: a newer snapshot takes the place of one that is not complete")
  void aNewerSnapshotReplacesAnIncompleteOne() {
    Solo solo = Solo.ofVoters(3);
    Message.SnapshotPiece old = piece(1, snapshot(1, 9), 0, 10, false);
    solo.receive(old);
    solo.raft().pieceWritten(old);
    solo.settle();
    solo.sent();
    solo.receive(piece(1, snapshot(1, 12), 10, 5, true));
    assertThat(solo.sent())
        .as("two snapshots are never mixed")
        .containsExactly(new Message.SnapshotReply(ME, 2, 1, 12, 1, 0, false, 4));
    Message.SnapshotPiece newer = piece(1, snapshot(1, 12), 0, 7, false);
    solo.receive(newer);
    assertThat(solo.effects()).contains(new Effect.WritePiece(newer));
    solo.raft().pieceWritten(newer);
    solo.settle();
    assertThat(solo.sent())
        .containsExactly(new Message.SnapshotReply(ME, 2, 1, 12, 1, 7, false, 4));
  }

  @ParameterizedTest
  @CsvSource({
    // Term of the leader, number of its sending, index of the snapshot; of what the disk has: 2 1
    // 9.
    "2, 1, 9, 10",
    "2, 2, 9, 0",
    "3, 1, 9, 0",
    "2, 1, 12, 0",
  })
  @DisplayName(
      "7: a follower that starts again goes on with the very snapshot that it has a part of")
  void anIncompleteSnapshotGoesOnAfterAStart(long term, long sending, long index, long next) {
    PartialSnapshot partial = new PartialSnapshot(snapshot(2, 9), 2, 1, 10);
    Restored restored =
        new Restored(new HardState(2, 0), Position.NONE, Solo.voters(3), List.of()).with(partial);
    Solo solo = new Solo(restored);
    // What the leader sent last had no answer: it sends it again.
    solo.receive(piece(term, snapshot(2, index), sending, 20, 5));
    assertThat(solo.sent())
        .containsExactly(new Message.SnapshotReply(ME, 2, term, index, sending, next, false, 4));
    Message.SnapshotPiece wanted = piece(term, snapshot(2, index), sending, next, 5);
    solo.receive(wanted);
    assertThat(solo.effects()).contains(new Effect.WritePiece(wanted));
    solo.raft().pieceWritten(wanted);
    solo.settle();
    assertThat(solo.sent())
        .containsExactly(
            new Message.SnapshotReply(ME, 2, term, index, sending, next + 5, false, 4));
  }

  private static Message.SnapshotPiece piece(
      long term, SnapshotInfo snapshot, long sending, long offset, int bytes) {
    return new Message.SnapshotPiece(
        2, ME, term, snapshot, sending, offset, new byte[bytes], false, 4);
  }

  @Test
  @DisplayName("7: a snapshot that was all there before the start needs no more than its end")
  void aSnapshotThatWasAllThereIsInstalled() {
    PartialSnapshot partial = new PartialSnapshot(snapshot(1, 9), 1, 1, 15);
    Restored restored =
        new Restored(new HardState(1, 0), Position.NONE, Solo.voters(3), List.of()).with(partial);
    Solo solo = new Solo(restored);
    solo.receive(piece(1, snapshot(1, 9), 10, 5, true));
    assertThat(solo.sent(Message.SnapshotReply.class))
        .extracting(Message.SnapshotReply::nextOffset)
        .containsExactly(15L);
    Message.SnapshotPiece end = piece(1, snapshot(1, 9), 15, 0, true);
    solo.receive(end);
    solo.raft().pieceWritten(end);
    solo.settle();
    assertThat(solo.effects()).contains(new Effect.InstallSnapshot(snapshot(1, 9)));
  }

  @Test
  @DisplayName("7: the leader tells its sendings apart, and passes over what is said of another")
  void eachSendingHasItsNumber() {
    Solo solo = leaderThatNeedsASnapshot();
    for (long sending = 1; sending <= 3; sending++) {
      solo.raft().snapshotOpened(2, snapshot(2, 9));
      solo.settle();
      solo.raft().pieceRead(2, 0, new byte[10], false);
      solo.settle();
      assertThat(solo.sent(Message.SnapshotPiece.class))
          .extracting(Message.SnapshotPiece::sending)
          .containsExactly(sending);
      solo.effects().clear();
      solo.receive(new Message.SnapshotReply(2, ME, 3, 9, sending - 1, 10, false, 0));
      assertThat(solo.effects()).isEmpty();
      solo.receive(new Message.SnapshotReply(2, ME, 3, 9, sending, 10, false, 0));
      assertThat(solo.effects()).containsExactly(new Effect.ReadPiece(2, 10));
    }
  }

  @Test
  @DisplayName("7: a piece of a snapshot shows that the leader is there")
  void aPieceShowsThatTheLeaderIsThere() {
    Solo solo = Solo.ofVoters(3);
    long wait = Solo.OPTIONS.electionTimeoutNanos() - 1;
    for (int i = 0; i < 10; i++) {
      solo.pass(wait).receive(piece(1, snapshot(1, 9), 0, 10, false));
    }
    assertThat(solo.raft().role()).isEqualTo(Role.FOLLOWER);
    assertThat(solo.raft().leader()).isEqualTo(2);
  }

  @Test
  @DisplayName("7: what is applied before the log's end is committed, and not given out again")
  void whatWasAppliedBeforeAStartIsCommitted() {
    Restored restored =
        new Restored(
                new HardState(2, 0), new Position(1, 3), Solo.voters(3), Solo.entries(4, 1, 1, 2))
            .withCommitted(5);
    Solo solo = new Solo(restored);
    assertThat(solo.raft().committed()).isEqualTo(5);
    solo.settle();
    assertThat(solo.effects()).noneMatch(effect -> effect instanceof Effect.Committed);
    solo.lead().matched(2, 7);
    assertThat(solo.effects()).contains(new Effect.Committed(7));
  }

  /** A leader of which server 2 needs entries that are gone. */
  private static Solo leaderThatNeedsASnapshot() {
    Solo solo =
        new Solo(
            new Restored(
                new HardState(2, 0), new Position(2, 9), Solo.voters(3), Solo.entries(10, 2)));
    solo.lead().matched(3, 11);
    solo.receive(new Message.AppendRefusal(2, ME, 3, 10, Position.NONE, 0));
    assertThat(solo.effects()).containsOnlyOnce(new Effect.OpenSnapshot(2));
    return solo;
  }

  @Test
  @DisplayName("7: a snapshot that cannot be had now is asked for again later, not at once")
  void aSnapshotThatCannotBeHadIsAskedForLater() {
    Solo solo = leaderThatNeedsASnapshot();
    for (int i = 0; i < 3; i++) {
      solo.effects().clear();
      solo.raft().snapshotNotOpened(2);
      solo.settle();
      assertThat(solo.effects()).as("in the same turn").isEmpty();
      confirmTheNextRound(solo);
      assertThat(solo.effects()).as("before a full round is over").isEmpty();
      confirmTheNextRound(solo);
      assertThat(solo.effects()).containsExactly(new Effect.OpenSnapshot(2));
    }
  }

  private static void confirmTheNextRound(Solo solo) {
    solo.pass(Solo.OPTIONS.heartbeatNanos());
    long round = solo.sent(Message.Heartbeat.class).getLast().round();
    solo.receive(new Message.HeartbeatReply(2, ME, 3, round));
  }

  @Test
  @DisplayName("7: behind the snapshot the leader sends its entries")
  void entriesFollowTheSnapshot() {
    Solo solo = leaderThatNeedsASnapshot();
    SnapshotInfo info = snapshot(2, 9);
    solo.raft().snapshotOpened(2, info);
    solo.settle();
    assertThat(solo.effects()).contains(new Effect.ReadPiece(2, 0));
    solo.raft().pieceRead(2, 0, new byte[10], true);
    solo.settle();
    assertThat(solo.sent(Message.SnapshotPiece.class)).hasSize(1);
    solo.receive(new Message.SnapshotReply(2, ME, 3, 9, 1, 0, true, 0));
    assertThat(solo.sent(Message.AppendRequest.class))
        .singleElement()
        .satisfies(request -> {
          assertThat(request.previous()).isEqualTo(new Position(2, 9));
          assertThat(request.entries()).extracting(Entry::index).containsExactly(10L, 11L);
        });
    assertThat(solo.effects()).contains(new Effect.CloseSnapshot(2));
  }
}
