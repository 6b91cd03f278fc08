package io.distkv.raft;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * How a leader hands over (thesis, section 3.10): it takes no more proposals, brings the other's
 * log up to date, gives up its lease, and tells it to stand. If that one does not lead within an
 * election timeout, the leader goes on.
 *
 * <p>A leader hands over by itself to a voter with a higher priority that has everything; and one
 * that is no voter any more tells a voter that has everything to stand when it leaves, so that the
 * others need not first miss it.
 */
final class Transfer {
  private static final int PLACE_EVERY_TIMEOUTS = 10;

  private final Server server;
  private final Replication replication;
  private final Reads reads;
  private long to;
  private long deadlineNanos;
  private boolean told;
  private long placeAgainNanos;

  Transfer(Server server, Replication replication, Reads reads) {
    this.server = server;
    this.replication = replication;
    this.reads = reads;
  }

  /** Begins a term as leader. */
  void start() {
    to = 0;
    placeAgainNanos = server.now() + server.options().electionTimeoutNanos();
  }

  /** Whether a hand-over is under way. */
  boolean isUnderWay() {
    return to != 0;
  }

  /** Begins to hand over to another voter; without effect if one is under way or it is none. */
  void begin(long id) {
    if (to == 0
        && id != server.id()
        && server.membership().votesAfter(id)
        && replication.progress(id) != null) {
      to = id;
      told = false;
      deadlineNanos = server.now() + server.options().electionTimeoutNanos();
    }
  }

  /**
   * Begins to hand over to the voter with the highest priority of those that were heard lately, and
   * among equals to the one that has most; without effect if there is none.
   */
  void beginWithBest() {
    @Nullable Progress best = null;
    for (Progress each : replication.others()) {
      boolean heard = server.now() - each.heardNanos() < server.options().electionTimeoutNanos();
      if (heard
          && server.membership().votesAfter(each.id())
          && (best == null || bestPlaced().compare(each, best) > 0)) {
        best = each;
      }
    }
    if (best != null) {
      begin(best.id());
    }
  }

  private Comparator<Progress> bestPlaced() {
    return Comparator.comparingInt((Progress each) -> priority(each.id()))
        .thenComparingLong(Progress::matched);
  }

  private int priority(long id) {
    return server.membership().member(id).map(Member::priority).orElse(Integer.MIN_VALUE);
  }

  /** Tells the other to stand once it has everything; gives up after a while. */
  void goOn() {
    if (to == 0) {
      return;
    }
    Progress progress = replication.progress(to);
    if (progress == null || server.now() - deadlineNanos >= 0) {
      to = 0;
    } else if (!told && progress.matched() == server.log().lastIndex()) {
      told = true;
      reads.giveUpLease();
      server.send(new Message.TimeoutNow(server.id(), to, server.term()));
    }
  }

  /** Looks for a better place for the leader, now and then: each try holds up proposals. */
  void place() {
    if (to != 0 || server.now() - placeAgainNanos < 0) {
      return;
    }
    @Nullable Progress best = best(priority(server.id()));
    if (best != null) {
      begin(best.id());
      placeAgainNanos =
          server.now() + PLACE_EVERY_TIMEOUTS * server.options().electionTimeoutNanos();
    }
  }

  /** The leader leaves: whoever is best placed, and has everything, need not wait to stand. */
  void leave() {
    @Nullable Progress best = to != 0 && told ? null : best(Integer.MIN_VALUE);
    if (best != null) {
      server.send(new Message.TimeoutNow(server.id(), best.id(), server.term()));
    }
  }

  /** The voter with the highest priority of those that are ready; null if none is above one. */
  private @Nullable Progress best(int above) {
    @Nullable Progress best = null;
    int highest = above;
    for (Progress each : replication.others()) {
      int priority = priority(each.id());
      if (priority > highest && server.membership().votesAfter(each.id()) && isReady(each)) {
        best = each;
        highest = priority;
      }
    }
    return best;
  }

  private boolean isReady(Progress progress) {
    return progress.state() == Progress.State.REPLICATE
        && server.now() - progress.heardNanos() < server.options().heartbeatNanos() * 2
        && server.log().lastIndex() == progress.matched();
  }
}
