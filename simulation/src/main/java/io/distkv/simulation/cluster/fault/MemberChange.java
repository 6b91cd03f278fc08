package io.distkv.simulation.cluster.fault;

import io.distkv.raft.Member;
import io.distkv.raft.Membership;
import io.distkv.simulation.world.SimulatedRandomness;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whoever leads a partition is told to go over to other members: any number of machines, none of
 * which need have been one before.
 */
record MemberChange(int partition, Membership target) implements Fault {
  static MemberChange draw(SimulatedRandomness random, Extent extent) {
    int partition = extent.partition(random);
    long certain = extent.machine(random);
    int voterPercent = random.pick(20, 50, 80);
    List<Member> members = new ArrayList<>();
    for (long machine = 1; machine <= extent.machines(); machine++) {
      if (machine == certain || random.chance(voterPercent)) {
        members.add(new Member(machine, Member.Role.VOTER, random.pick(0, 0, 0, 1)));
      } else if (random.chance(30)) {
        members.add(new Member(machine, Member.Role.LEARNER, 0));
      }
    }
    return new MemberChange(partition, new Membership(members));
  }

  @Override
  public void strike(Site site) {
    site.changeMembers(partition, target);
  }

  @Override
  public String words() {
    return "group %d is to have the voters %s and the learners %s"
        .formatted(partition, ids(Member.Role.VOTER), ids(Member.Role.LEARNER));
  }

  private String ids(Member.Role role) {
    return target.members().stream()
        .filter(member -> member.role() == role)
        .map(member -> Long.toString(member.id()))
        .collect(Collectors.joining(" ", "[", "]"));
  }
}
