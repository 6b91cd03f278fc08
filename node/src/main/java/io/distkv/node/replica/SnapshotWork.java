package io.distkv.node.replica;

import io.distkv.base.MalformedBytesException;
import java.io.IOException;

/**
 * What is done to a replica's snapshots on the disk: on a worker, of which the outcome comes back
 * as a task of the replica's lane, unless its part in the group has ended.
 */
final class SnapshotWork {
  private final Replica replica;
  private final ReplicaGroup group;

  SnapshotWork(Replica replica, ReplicaGroup group) {
    this.replica = replica;
    this.group = group;
  }

  /** Carries something out on a worker. */
  @FunctionalInterface
  interface Task<T> {
    T run() throws IOException;
  }

  /** What comes of it: a result, or why there is none. */
  interface Outcome<T> {
    void done(T result);

    void failed(IOException why);

    /** What came from another node is not what it should be. */
    default void malformed(MalformedBytesException why) {
      failed(new IOException(why));
    }
  }

  <T> void run(Task<T> task, Outcome<T> outcome) {
    group
        .environment()
        .background()
        .execute(() -> {
          try {
            T result = task.run();
            comeBack(() -> outcome.done(result));
          } catch (IOException e) {
            comeBack(() -> outcome.failed(e));
          } catch (MalformedBytesException e) {
            comeBack(() -> outcome.malformed(e));
          }
        });
  }

  private void comeBack(Runnable task) {
    group.port().lane().complete(() -> replica.writes().replication().step(task));
  }

  /** Removes a folder; what cannot be removed now is by the next start. */
  void remove(String folder) {
    run(
        () -> {
          SnapshotFolders.remove(group.environment().disk(), folder);
          return true;
        },
        new Outcome<>() {
          @Override
          public void done(Boolean removed) {}

          @Override
          public void failed(IOException why) {
            group.environment().faults().defect(why);
          }
        });
  }
}
