package io.distkv.raft;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Groups to which anything may happen: messages lost, late, twice; servers down, cut off, slow to
 * write; logs replaced by snapshots; leaders that hand over; members that come and go. What must
 * always hold is checked at every step; afterwards, with nothing in the way, all must agree again.
 */
class RandomGroupTest {
  private static final int STEPS = 400;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void whateverHappensAllAgreeInTheEnd(int voters) {
    for (long seed = 0; seed < 400; seed++) {
      try {
        new Life(voters, seed).live();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + " of " + voters + " voters: " + e, e);
      }
    }
  }

  /** One group, from its beginning to its end. */
  private static final class Life {
    private final TestGroup group;
    private final SeededRandomness random;
    private final int voters;
    private final int lossPercent;
    private final boolean entriesAreLate;
    private long nextCommand;
    private long nextRead;

    Life(int voters, long seed) {
      this.voters = voters;
      RaftOptions usual = TestGroup.OPTIONS;
      RaftOptions options =
          seed % 2 == 0
              ? usual
              : new RaftOptions(
                  usual.electionTimeoutNanos(),
                  usual.heartbeatNanos(),
                  usual.driftPerMille(),
                  seed % 3 == 0 ? 1 : 300,
                  600,
                  3_000,
                  seed % 4 == 1 ? 0 : 500,
                  30 * TestGroup.MILLI);
      group = new TestGroup(voters, seed, options);
      random = group.random();
      lossPercent = random.below(3) * 10;
      entriesAreLate = seed % 4 == 1;
    }

    void live() {
      for (int i = 0; i < STEPS; i++) {
        step();
      }
      group.heal();
      for (TestServer server : group.servers()) {
        server.releaseDisk();
        if (!server.isUp()) {
          server.start();
        }
        server.raft().wake(group.now());
      }
      group.advanceMillis(3_000);
      for (int i = 0; i < 20 && !agree(); i++) {
        group.servers().forEach(server -> server.raft().wake(group.now()));
        group.advanceMillis(500);
      }
      assertThat(agree()).as("all members agree: %s", describe()).isTrue();
    }

    private boolean agree() {
      TestServer leader = group.leader();
      if (leader == null) {
        return false;
      }
      List<String> expected = leader.applied();
      for (Member member : leader.raft().membership().members()) {
        TestServer server = group.server(member.id());
        if (!server.applied().equals(expected)
            || server.appliedIndex() != leader.raft().last().index()) {
          return false;
        }
      }
      return !leader.raft().membership().isJoint();
    }

    private String describe() {
      StringBuilder text = new StringBuilder();
      for (TestServer server : group.servers()) {
        Raft raft = server.raft();
        text.append(
            "\n%d: %s term %d leader %d last %s committed %d applied %d %s"
                .formatted(
                    raft.id(),
                    raft.role(),
                    raft.term(),
                    raft.leader(),
                    raft.last(),
                    raft.committed(),
                    server.appliedIndex(),
                    raft.membership().members()));
      }
      return text.toString();
    }

    private TestServer any() {
      List<TestServer> servers = group.servers();
      return servers.get(random.below(servers.size()));
    }

    private void step() {
      int roll = random.below(100);
      TestServer server = any();
      if (roll < 40) {
        deliverSome();
      } else if (roll < 63) {
        passTime();
      } else if (roll < 77) {
        propose();
      } else if (roll < 81 && server.isUp()) {
        write(server);
      } else if (roll < 84) {
        crashOrStart(server);
      } else if (roll < 86) {
        group.cutOff(server.id());
      } else if (roll < 89) {
        group.heal();
      } else if (roll < 90) {
        server.holdDisk();
      } else if (roll < 92) {
        server.releaseDisk();
      } else if (roll < 96 && server.isUp()) {
        server.compact();
      } else if (roll < 97 && server.isUp()) {
        server.raft().transferTo(any().id(), group.now());
        group.settle(server);
      } else if (roll < 98) {
        changeMembers();
      } else if (server.isUp()) {
        server.raft().read(nextRead++, group.now());
        group.settle(server);
      }
    }

    private void deliverSome() {
      List<Message> mail = group.mail();
      for (int n = random.below(8); n >= 0 && !mail.isEmpty(); n--) {
        boolean inOrder = random.chance(80);
        int at = inOrder ? 0 : random.below(mail.size());
        Message message = random.chance(95) ? mail.remove(at) : mail.get(at);
        if (entriesAreLate && message instanceof Message.AppendRequest && random.chance(60)) {
          mail.add(message);
        } else if (!random.chance(lossPercent)) {
          group.deliver(message);
        }
      }
    }

    private void write(TestServer server) {
      server.writeOne();
      group.settle(server);
    }

    private void passTime() {
      group.passNanos(random.below(20) * TestGroup.MILLI);
      for (TestServer server : group.servers()) {
        if (server.isUp() && random.chance(80)) {
          server.raft().tick(group.now());
          group.settle(server);
        }
        while (server.isUp() && random.chance(60) && server.writeOne()) {
          group.settle(server);
        }
      }
    }

    private void propose() {
      for (TestServer server : group.servers()) {
        if (server.isUp() && server.raft().refusal(20) == null) {
          for (int n = random.below(5); n >= 0 && server.raft().refusal(20) == null; n--) {
            server.raft().propose(("command " + nextCommand++).getBytes(UTF_8), group.now());
          }
          group.settle(server);
        }
      }
    }

    private void crashOrStart(TestServer server) {
      if (server.isUp()) {
        server.crash();
      } else {
        server.start();
      }
    }

    private void changeMembers() {
      TestServer leader = group.leader();
      if (leader == null || leader.raft().membership().isJoint()) {
        return;
      }
      List<Member> members = new ArrayList<>();
      for (long id = 1; id <= voters + 2L; id++) {
        Member.Role role = random.chance(80) ? Member.Role.VOTER : Member.Role.LEARNER;
        if (random.chance(70)) {
          members.add(new Member(id, role, random.below(3)));
        }
      }
      if (members.stream().noneMatch(Member::votes)) {
        return;
      }
      Membership target = new Membership(members);
      if (leader.raft().changeMembership(target, group.now()) == null) {
        for (Member member : members) {
          if (group.servers().stream().noneMatch(each -> each.id() == member.id())) {
            group.join(member.id(), Membership.ofVoters(1));
          }
        }
        group.settle(leader);
      }
    }
  }
}
