package io.distkv.node.replica;

import io.distkv.base.Disk;
import io.distkv.raft.Position;
import io.distkv.raft.Raft;
import io.distkv.raft.SnapshotInfo;
import io.distkv.storage.manifest.Applied;
import io.distkv.storage.tree.CheckpointCallback;
import io.distkv.storage.tree.Tree;
import io.distkv.storage.tree.TreeExport;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots that a leader sends to members that lag: checkpoints of its tree, each in a folder
 * of its own, which a start removes.
 *
 * <p>Used on the replica's lane only.
 */
final class OutgoingSnapshots {
  private static final int PIECE_BYTES = 1024 * 1024;

  private final Replica replica;
  private final ReplicaGroup group;
  private final ReplicaEnvironment environment;
  private final Disk disk;
  private final Tree tree;
  private final SnapshotWork work;
  private final SortedMap<Long, Outgoing> outgoing = new TreeMap<>();
  private long opened;

  /** A checkpoint for a member; without an export as long as it is made. */
  private static final class Outgoing {
    private final String folder;
    private @Nullable TreeExport export;

    Outgoing(String folder) {
      this.folder = folder;
    }
  }

  OutgoingSnapshots(Replica replica, ReplicaGroup group, Tree tree, SnapshotWork work) {
    this.replica = replica;
    this.group = group;
    this.tree = tree;
    this.work = work;
    environment = group.environment();
    disk = environment.disk();
  }

  private Raft raft() {
    return replica.writes().replication().raft();
  }

  /** Makes a checkpoint for a member. */
  void open(long to) {
    opened++;
    Outgoing next = new Outgoing(SnapshotFolders.outgoing(replica.identity(), to, opened));
    outgoing.put(to, next);
    tree.checkpoint(
        next.folder,
        new CheckpointCallback() {
          @Override
          public void done(Applied applied) {
            checkpointed(to, next);
          }

          @Override
          public void failed(IOException why) {
            notOpened(to, next, why);
          }
        });
  }

  private void checkpointed(long to, Outgoing made) {
    work.run(
        () -> TreeExport.open(disk, made.folder, replica.identity().treeId()),
        new SnapshotWork.Outcome<>() {
          @Override
          public void done(TreeExport export) {
            if (outgoing.get(to) != made) {
              work.remove(made.folder);
              return;
            }
            made.export = export;
            group.counters().add(ReplicaCounters.Counter.SNAPSHOTS_SENT, 1);
            Applied applied = export.applied();
            raft()
                .snapshotOpened(
                    to,
                    new SnapshotInfo(
                        new Position(applied.term(), applied.index()),
                        Attachment.of(applied.attachment(), replica.firstMembers()).membership()));
          }

          @Override
          public void failed(IOException why) {
            notOpened(to, made, why);
          }
        });
  }

  private void notOpened(long to, Outgoing made, IOException why) {
    if (!group.stopping() && !replica.writes().replication().hasEnded()) {
      environment.faults().defect(why);
    }
    if (outgoing.remove(to, made)) {
      replica.writes().replication().step(() -> raft().snapshotNotOpened(to));
    }
    work.remove(made.folder);
  }

  /** Reads a piece for a member. */
  void read(long to, long offset) {
    Outgoing from = outgoing.get(to);
    TreeExport export = from == null ? null : from.export;
    if (from == null || export == null) {
      return;
    }
    work.run(
        () -> export.read(offset, PIECE_BYTES),
        new SnapshotWork.Outcome<>() {
          @Override
          public void done(byte[] bytes) {
            // Another may have been opened meanwhile: this piece is none of its.
            if (outgoing.get(to) == from) {
              boolean last = offset + bytes.length == export.sizeBytes();
              raft().pieceRead(to, offset, bytes, last);
            }
          }

          @Override
          public void failed(IOException why) {
            // Else it was closed, and its folder removed, while the read waited for a worker.
            if (outgoing.get(to) == from) {
              notOpened(to, from, why);
            }
          }
        });
  }

  /** A member needs its checkpoint no more. */
  void close(long to) {
    Outgoing closed = outgoing.remove(to);
    if (closed != null && closed.export != null) {
      work.remove(closed.folder);
    }
  }
}
