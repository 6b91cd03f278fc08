package io.distkv.simulation.cluster;

import io.distkv.raft.Member;
import io.distkv.simulation.cluster.timeline.Moment;
import io.distkv.simulation.cluster.timeline.Timeline;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.Tally;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells what has changed between two looks at a replica, to the tally and to readers. */
final class Changes {
  private static final String SNAPSHOT_INSTALLED = "snapshot installed";
  private static final String LOG_CUT = "log cut";
  private static final String LEADER_DEPOSED = "leader deposed";
  private static final String MEMBERS_CHANGED = "members changed";

  private final EventQueue queue;
  private final Timeline timeline;

  Changes(EventQueue queue, Timeline timeline) {
    this.queue = queue;
    this.timeline = timeline;
    List.of(SNAPSHOT_INSTALLED, LOG_CUT, LEADER_DEPOSED, MEMBERS_CHANGED).forEach(tally()::expect);
  }

  private Tally tally() {
    return queue.trace().tally();
  }

  /**
   * Tells.
   *
   * @param seen what was seen of the replica last, perhaps in another life of its node
   */
  void tell(long node, long group, @Nullable Sight seen, Sight now) {
    long nanos = queue.nowNanos();
    Sight before = seen != null && seen.life() == now.life() ? seen : null;
    if (before != null) {
      tellOfLog(node, group, before, now);
    }
    if (before != null && before.leads() && !now.leads()) {
      tally().count(LEADER_DEPOSED);
      timeline.add(new Moment.Deposed(nanos, node, group, now.term()));
    }
    if (now.isNewLeaderAfter(seen)) {
      timeline.add(new Moment.Leads(nanos, node, group, now.term()));
    }
    if (seen != null && !seen.membership().equals(now.membership())) {
      tally().count(MEMBERS_CHANGED);
      timeline.add(new Moment.Members(nanos, node, group, members(now)));
    }
  }

  private void tellOfLog(long node, long group, Sight before, Sight now) {
    // What goes in the course of things was in the log before: only a snapshot begins beyond it.
    if (now.base().index() > before.last().index()) {
      tally().count(SNAPSHOT_INSTALLED);
      timeline.add(new Moment.Installed(queue.nowNanos(), node, group, now.base().index()));
    }
    if (now.last().index() < before.last().index()) {
      tally().count(LOG_CUT);
    }
  }

  private static String members(Sight sight) {
    return sight.membership().members().stream()
        .map(Changes::member)
        .collect(Collectors.joining(", "));
  }

  private static String member(Member member) {
    return member.role() == Member.Role.VOTER
        ? Long.toString(member.id())
        : member.id() + " (" + member.role().name().toLowerCase(Locale.ROOT) + ")";
  }
}
