package io.distkv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What the Raft paper says of changes of the membership, section 6, and of snapshots, section 7;
 * and the thesis, sections 4.2 and 4.3; {@link PaperRemovalTest} has the servers that are left out.
 */
class PaperMembershipTest {
  private static Member voter(long id) {
    return new Member(id, Member.Role.VOTER, 0);
  }

  private static Member learner(long id) {
    return new Member(id, Member.Role.LEARNER, 0);
  }

  private static Membership of(Member... members) {
    return new Membership(List.of(members));
  }

  private static void change(TestGroup group, TestServer leader, Membership target) {
    for (Member member : target.members()) {
      if (group.servers().stream().noneMatch(each -> each.id() == member.id())) {
        group.join(member.id(), Membership.ofVoters(1));
      }
    }
    assertThat(leader.raft().changeMembership(target, group.now())).isNull();
    group.run();
  }

  @Test
  @DisplayName("6: a change goes through a joint membership, and both are entries of the log")
  void aChangeIsJoint() {
    TestGroup group = new TestGroup(3);
    TestServer leader = group.elect();
    long before = leader.raft().last().index();
    change(group, leader, Membership.ofVoters(1, 2, 3, 4, 5));
    assertThat(leader.raft().last().index()).isEqualTo(before + 2);
    Stream<Membership> told =
        leader.seen().stream()
            .filter(Effect.MembershipChanged.class::isInstance)
            .map(effect -> ((Effect.MembershipChanged) effect).membership());
    assertThat(told.toList())
        .containsExactly(
            of(
                voter(1),
                voter(2),
                voter(3),
                new Member(4, Member.Role.INCOMING, 0),
                new Member(5, Member.Role.INCOMING, 0)),
            Membership.ofVoters(1, 2, 3, 4, 5));
    assertThat(group.server(5).raft().membership()).isEqualTo(leader.raft().membership());
  }

  @Test
  @DisplayName("6: agreement requires separate majorities of both the old and the new voters")
  void bothSetsMustAgree() {
    Solo solo = Solo.ofVoters(3).lead().matched(2, 1);
    assertThat(solo.raft().changeMembership(Membership.ofVoters(1, 4, 5), solo.now())).isNull();
    solo.settle();
    solo.matched(2, 2).matched(3, 2);
    assertThat(solo.raft().committed()).as("a majority of the old alone").isEqualTo(1);
    solo.matched(4, 2);
    assertThat(solo.raft().committed()).as("a majority of each").isEqualTo(2);

    Solo other = Solo.ofVoters(3).lead().matched(2, 1);
    assertThat(other.raft().changeMembership(Membership.ofVoters(1, 4, 5), other.now())).isNull();
    other.settle();
    other.matched(4, 2).matched(5, 2);
    assertThat(other.raft().committed()).as("a majority of the new alone").isEqualTo(1);
  }

  @Test
  @DisplayName(
      "6: a server uses the latest membership in its log, committed or not, and falls back")
  void theLatestHoldsAndCanFallBack() {
    Solo solo = Solo.ofVoters(3);
    byte[] bytes = MembershipFormat.encode(Membership.ofVoters(1, 2, 3, 4));
    Entry entry = new Entry(1, 1, Entry.Kind.MEMBERSHIP, bytes);
    solo.receive(new Message.AppendRequest(2, 1, 1, Position.NONE, List.of(entry), 0, 0));
    assertThat(solo.raft().membership()).isEqualTo(Membership.ofVoters(1, 2, 3, 4));
    solo.receive(new Message.AppendRequest(3, 1, 2, Position.NONE, Solo.entries(1, 2), 0, 0));
    assertThat(solo.raft().membership()).isEqualTo(Membership.ofVoters(1, 2, 3));
  }

  @Test
  @DisplayName("6: new servers may join as non-voting members, which count for no majority")
  void learnersAreSentEverythingAndCountForNothing() {
    TestGroup group = new TestGroup(1);
    TestServer leader = group.elect();
    group.propose(leader, "before");
    change(group, leader, of(voter(1), learner(2)));
    group.propose(leader, "after");
    group.advanceMillis(20);
    assertThat(group.server(2).applied()).containsExactly("before", "after");
    group.server(2).crash();
    long index = group.propose(leader, "alone");
    assertThat(leader.raft().committed()).isEqualTo(index);
    group.advanceMillis(1_000);
    assertThat(leader.raft().role()).isEqualTo(Role.LEADER);
  }

  @Test
  @DisplayName(
      "Thesis 4.1: one change at a time, and none before an entry of the term is committed")
  void changesDoNotOverlap() {
    Solo solo = Solo.withLog(3, 1).lead();
    Membership target = Membership.ofVoters(1, 2, 3, 4);
    assertThat(solo.raft().changeMembership(target, solo.now())).isEqualTo(Refusal.CHANGING);
    solo.matched(2, 2);
    assertThat(solo.raft().changeMembership(target, solo.now())).isNull();
    solo.settle();
    assertThat(solo.raft().changeMembership(target, solo.now())).isEqualTo(Refusal.CHANGING);
    solo.matched(2, 3).matched(3, 3);
    assertThat(solo.raft().membership()).isEqualTo(target);
    assertThat(solo.raft().changeMembership(target, solo.now()))
        .as("the second step is not committed")
        .isEqualTo(Refusal.CHANGING);
    solo.matched(2, 4).matched(3, 4);
    assertThat(solo.raft().changeMembership(Solo.voters(3), solo.now())).isNull();
  }

  @Test
  @DisplayName(
      "Placement: a leader hands over to a voter with a higher priority that has everything")
  void theLeaderGoesWhereItShouldBe() {
    TestGroup group = new TestGroup(3);
    TestServer leader = group.elect();
    long better = leader.id() % 3 + 1;
    Membership target =
        of(voter(leader.id()), new Member(better, Member.Role.VOTER, 5), voter(better % 3 + 1));
    change(group, leader, target);
    group.advanceMillis(2_000);
    assertThat(group.elect().id()).isEqualTo(better);
  }

  @Test
  @DisplayName("7: a follower whose entries the leader has discarded is sent a snapshot")
  void whoIsTooFarBehindGetsASnapshot() {
    TestGroup group = new TestGroup(3);
    TestServer leader = group.elect();
    TestServer behind = group.server(leader.id() % 3 + 1);
    behind.crash();
    for (int i = 0; i < 200; i++) {
      group.propose(leader, "entry " + i);
    }
    leader.compact();
    group.propose(leader, "last");
    behind.start();
    group.advanceMillis(2_000);
    assertThat(behind.seen()).anyMatch(Effect.InstallSnapshot.class::isInstance);
    assertThat(behind.applied()).hasSize(201).endsWith("last");
    assertThat(leader.seen()).contains(new Effect.CloseSnapshot(behind.id()));
  }

  @Test
  @DisplayName("7: a snapshot brings the membership that held at its last entry")
  void aSnapshotHasTheMembership() {
    TestGroup group = new TestGroup(1);
    TestServer leader = group.elect();
    change(group, leader, of(voter(1), learner(2)));
    for (int i = 0; i < 200; i++) {
      group.propose(leader, "entry " + i);
    }
    leader.compact();
    change(group, leader, of(voter(1), learner(2), learner(3)));
    group.advanceMillis(2_000);
    assertThat(group.server(3).seen()).anyMatch(Effect.InstallSnapshot.class::isInstance);
    assertThat(group.server(3).applied()).hasSize(200);
    assertThat(group.server(3).raft().membership()).isEqualTo(leader.raft().membership());
  }

  @Test
  @DisplayName("7: a snapshot of what the follower has already changes nothing")
  void anOldSnapshotIsPassedOver() {
    Solo solo = Solo.ofVoters(3);
    solo.receive(new Message.AppendRequest(2, 1, 1, Position.NONE, Solo.entries(1, 1, 1), 2, 0));
    solo.sent();
    SnapshotInfo old = new SnapshotInfo(new Position(1, 1), Solo.voters(3));
    solo.receive(new Message.SnapshotPiece(2, 1, 1, old, 1, 0, new byte[1], true, 4));
    assertThat(solo.effects()).noneMatch(Effect.WritePiece.class::isInstance);
    assertThat(solo.sent()).containsExactly(new Message.SnapshotReply(1, 2, 1, 1, 1, 0, true, 4));
  }

  @Test
  @DisplayName("7: pieces that are lost or come twice are asked for again")
  void piecesComeInOrder() {
    Solo solo = Solo.ofVoters(3);
    SnapshotInfo snapshot = new SnapshotInfo(new Position(1, 9), Solo.voters(3));
    Message second = new Message.SnapshotPiece(2, 1, 1, snapshot, 1, 10, new byte[10], false, 4);
    solo.receive(second);
    assertThat(solo.sent()).containsExactly(new Message.SnapshotReply(1, 2, 1, 9, 1, 0, false, 4));
    Message.SnapshotPiece first =
        new Message.SnapshotPiece(2, 1, 1, snapshot, 1, 0, new byte[10], false, 5);
    solo.receive(first);
    assertThat(solo.effects()).contains(new Effect.WritePiece(first));
    solo.receive(first);
    assertThat(solo.sent()).as("the disk is still writing it").isEmpty();
    solo.raft().pieceWritten(first);
    solo.settle();
    assertThat(solo.sent()).containsExactly(new Message.SnapshotReply(1, 2, 1, 9, 1, 10, false, 5));
  }

  @Test
  @DisplayName("A group that has nothing to do goes quiet, and wakes when something happens")
  void quietGroupsSendNothing() {
    TestGroup group = new TestGroup(3, 1, thatGoQuiet());
    TestServer leader = group.elect();
    group.advanceMillis(500);
    for (TestServer server : group.servers()) {
      assertThat(server.raft().nextTickNanos()).isEqualTo(Long.MAX_VALUE);
    }
    long term = leader.raft().term();
    group.advanceMillis(10_000);
    assertThat(leader.raft().role()).isEqualTo(Role.LEADER);
    group.propose(leader, "x");
    group.advanceMillis(20);
    assertThat(leader.raft().term()).isEqualTo(term);
    assertThat(group.servers()).allSatisfy(each -> assertThat(each.applied()).hasSize(1));

    group.advanceMillis(500);
    leader.crash();
    group.advanceMillis(5_000);
    assertThat(group.leader()).as("nobody knows that the leader is gone").isNull();
    group.servers().stream()
        .filter(TestServer::isUp)
        .forEach(each -> each.raft().wake(group.now()));
    group.advanceMillis(1_000);
    assertThat(group.elect()).isNotSameAs(leader);
  }

  private static RaftOptions thatGoQuiet() {
    return TestGroup.OPTIONS.withQuietNanos(50 * TestGroup.MILLI);
  }

  @Test
  @DisplayName("A learner that starts while its group sleeps wakes it, to hear what is committed")
  void aLearnerThatStartsHearsWhatIsCommitted() {
    TestGroup group = new TestGroup(3, 1, thatGoQuiet());
    TestServer leader = group.elect();
    long id = leader.id() % 3 + 1;
    change(group, leader, of(voter(leader.id()), voter(6 - leader.id() - id), learner(id)));
    group.propose(leader, "x");
    group.advanceMillis(500);
    assertThat(leader.raft().nextTickNanos()).as("asleep").isEqualTo(Long.MAX_VALUE);
    long term = leader.raft().term();
    TestServer learner = group.server(id);
    learner.crash();
    learner.start();
    assertThat(learner.raft().committed()).as("forgotten").isZero();
    group.advanceMillis(2_000);
    assertThat(learner.raft().committed()).isEqualTo(leader.raft().committed());
    assertThat(learner.applied()).containsExactly("x");
    assertThat(leader.raft().term()).as("it disturbs nobody").isEqualTo(term);
    assertThat(leader.raft().nextTickNanos()).as("asleep again").isEqualTo(Long.MAX_VALUE);
    assertThat(learner.raft().nextTickNanos()).as("asleep, too").isEqualTo(Long.MAX_VALUE);
  }

  @Test
  @DisplayName("A group has at least one voter, and each member once")
  void impossibleMembershipsAreRefused() {
    assertThatThrownBy(() -> of(learner(1))).hasMessageContaining("at least one voter");
    assertThatThrownBy(() -> of(voter(1), learner(1))).hasMessageContaining("comes twice");
    assertThatThrownBy(() -> voter(0)).hasMessageContaining("at least 1");
  }
}
