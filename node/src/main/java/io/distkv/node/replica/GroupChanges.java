package io.distkv.node.replica;

import io.distkv.base.Disk;
import io.distkv.node.command.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How replicas come to a group, change and leave it while it runs. What blocks is done by workers;
 * whoever decides, in the catalog, sees to it that a replica writes nothing to the journal before
 * it is decided on, and loses nothing before it is given up.
 *
 * <p>Used on the lane only; every {@code done} is called there.
 */
public final class GroupChanges {
  private final ReplicaGroup group;

  GroupChanges(ReplicaGroup group) {
    this.group = group;
  }

  /**
   * New replicas of one keyspace, with trees of their own, and not part of the group so far.
   *
   * @param failure why it is not all that was asked for; null if it is
   */
  public record Opened(List<Replica> replicas, @Nullable IOException failure) {}

  /** Opens new trees. */
  public void open(List<ReplicaIdentity> identities, Consumer<Opened> done) {
    List<Replica> replicas = new ArrayList<>();
    List<IOException> failures = new ArrayList<>();
    Countdown left =
        new Countdown(
            identities.size(),
            () ->
                done.accept(
                    new Opened(
                        List.copyOf(replicas), failures.isEmpty() ? null : failures.getFirst())));
    for (ReplicaIdentity identity : identities) {
      onWorker(() -> {
        try {
          Replica replica = Replica.open(identity, group);
          return () -> {
            replicas.add(replica);
            left.oneLess();
          };
        } catch (IOException e) {
          return () -> {
            failures.add(e);
            left.oneLess();
          };
        }
      });
    }
  }

  /**
   * Lets new replicas take their part: it is decided that they are there. Where the node has given
   * up meanwhile, they only refuse what comes.
   */
  public void join(Opened opened, Runnable done) {
    if (!group.lost()) {
      opened.replicas().forEach(group::add);
      done.run();
      return;
    }
    opened.replicas().forEach(replica -> replica.writes().refuseAll());
    close(opened.replicas(), done);
  }

  /** Closes new replicas that are not to be after all, and removes all that is left of them. */
  public void discard(List<ReplicaIdentity> identities, Opened opened, Runnable done) {
    close(opened.replicas(), () -> delete(identities, done));
  }

  /** Takes over other options. */
  public void alter(List<ReplicaIdentity> identities) {
    for (ReplicaIdentity identity : identities) {
      Replica replica = group.find(identity.id());
      if (replica != null) {
        replica.alter(identity);
      }
    }
  }

  /**
   * Ends replicas and deletes all that they have: it is decided that they are no more.
   *
   * @param why what whoever wants something of them is told
   */
  public void drop(List<ReplicaIdentity> identities, Reply.Failure why, Runnable done) {
    List<Replica> gone = new ArrayList<>();
    for (ReplicaIdentity identity : identities) {
      Replica replica = group.remove(identity.id());
      if (replica != null) {
        gone.add(replica);
      }
    }
    // All refuse before the first answer goes out: a session may go on at once, with any of them.
    gone.forEach(replica -> replica.writes().refuseAll(why));
    gone.forEach(replica -> replica.writes().abandonAll(why));
    gone.forEach(replica -> group.log().journal().forget(replica.identity().id()));
    close(gone, () -> delete(identities, done));
  }

  private static void close(List<Replica> replicas, Runnable done) {
    Countdown left = new Countdown(replicas.size(), done);
    replicas.forEach(replica -> replica.tree().close(left::oneLess));
  }

  /** What cannot be deleted now is by the next start, since no catalog names it. */
  private void delete(List<ReplicaIdentity> identities, Runnable done) {
    Disk disk = group.environment().disk();
    Countdown left = new Countdown(identities.size(), done);
    for (ReplicaIdentity identity : identities) {
      onWorker(() -> {
        try {
          ReplicaFolders.remove(disk, identity.directory());
          SnapshotFolders.removeAll(disk, identity);
        } catch (IOException e) {
          group.environment().faults().defect(e);
        }
        return left::oneLess;
      });
    }
  }

  private void onWorker(Work work) {
    group
        .environment()
        .background()
        .execute(() -> {
          Runnable then = work.run();
          group.port().lane().complete(then);
        });
  }

  /** Blocks, and gives what follows on the lane. */
  @FunctionalInterface
  private interface Work {
    Runnable run();
  }

  /** Runs something when as many steps as there are have ended; at once if there are none. */
  private static final class Countdown {
    private final Runnable then;
    private int left;

    Countdown(int steps, Runnable then) {
      this.then = then;
      left = steps;
      if (steps == 0) {
        then.run();
      }
    }

    void oneLess() {
      left--;
      if (left == 0) {
        then.run();
      }
    }
  }
}
