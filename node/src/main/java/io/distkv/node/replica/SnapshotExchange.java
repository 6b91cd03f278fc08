package io.distkv.node.replica;

import io.distkv.base.Disk;
import io.distkv.base.MalformedBytesException;
import io.distkv.raft.Message;
import io.distkv.raft.Position;
import io.distkv.raft.Raft;
import io.distkv.raft.SnapshotInfo;
import io.distkv.storage.manifest.Applied;
import io.distkv.storage.tree.CheckpointCallback;
import io.distkv.storage.tree.Tree;
import io.distkv.storage.tree.TreeExport;
import io.distkv.storage.tree.TreeImport;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A replica's snapshots on their way: checkpoints of its tree that a leader reads for members that
 * lag, and the one that comes from a leader and will replace the tree's content. Everything that
 * touches the disk is done on a worker and comes back as a task of the lane.
 *
 * <p>Each has a folder of its own, which a start removes.
 *
 * <p>Used on the replica's lane only.
 */
final class SnapshotExchange {
  private static final int PIECE_BYTES = 1024 * 1024;
  private static final long RETRY_NANOS = 1_000_000_000L;

  private final Replica replica;
  private final ReplicaGroup group;
  private final ReplicaEnvironment environment;
  private final Disk disk;
  private final Tree tree;
  private final SortedMap<Long, Outgoing> outgoing = new TreeMap<>();
  private @Nullable TreeImport incoming;
  private long opened;

  /** A checkpoint for a member; without an export as long as it is made. */
  private static final class Outgoing {
    private final String folder;
    private @Nullable TreeExport export;

    Outgoing(String folder) {
      this.folder = folder;
    }
  }

  SnapshotExchange(Replica replica, ReplicaGroup group, Tree tree) {
    this.replica = replica;
    this.group = group;
    this.tree = tree;
    environment = group.environment();
    disk = environment.disk();
  }

  private String folder(String what) {
    return SnapshotFolders.ROOT + "/" + replica.identity().id() + "-" + what;
  }

  private Raft raft() {
    return replica.writes().replication().raft();
  }

  /** Carries something out on a worker. */
  @FunctionalInterface
  private interface Work<T> {
    T run() throws IOException;
  }

  /** What comes of work: a result, or why there is none. */
  private interface Outcome<T> {
    void done(T result);

    void failed(IOException why);
  }

  private <T> void onWorker(Work<T> work, Outcome<T> outcome) {
    environment
        .background()
        .execute(() -> {
          try {
            T result = work.run();
            comeBack(() -> outcome.done(result));
          } catch (IOException e) {
            comeBack(() -> outcome.failed(e));
          } catch (MalformedBytesException e) {
            comeBack(() -> outcome.failed(new IOException(e)));
          }
        });
  }

  private void comeBack(Runnable task) {
    group.port().lane().complete(() -> replica.writes().replication().step(task));
  }

  /** Makes a checkpoint for a member. */
  void open(long to) {
    opened++;
    Outgoing next = new Outgoing(folder("to-" + to + "-" + opened));
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
    onWorker(
        () -> TreeExport.open(disk, made.folder, replica.identity().treeId()),
        new Outcome<>() {
          @Override
          public void done(TreeExport export) {
            if (outgoing.get(to) != made) {
              remove(made);
              return;
            }
            made.export = export;
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
    environment.faults().defect(why);
    if (outgoing.remove(to, made)) {
      replica.writes().replication().step(() -> raft().snapshotNotOpened(to));
    }
    remove(made);
  }

  /** Reads a piece for a member. */
  void read(long to, long offset) {
    Outgoing from = outgoing.get(to);
    TreeExport export = from == null ? null : from.export;
    if (from == null || export == null) {
      return;
    }
    onWorker(
        () -> export.read(offset, PIECE_BYTES),
        new Outcome<>() {
          @Override
          public void done(byte[] bytes) {
            boolean last = offset + bytes.length == export.sizeBytes();
            raft().pieceRead(to, offset, bytes, last);
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
      remove(closed);
    }
  }

  private void remove(Outgoing gone) {
    onWorker(
        () -> {
          TreeExport.remove(disk, gone.folder);
          return true;
        },
        new Outcome<>() {
          @Override
          public void done(Boolean removed) {}

          @Override
          public void failed(IOException why) {
            // The next start removes it.
            environment.faults().defect(why);
          }
        });
  }

  /** Writes a piece that came from the leader; tries again where the disk has no room. */
  void write(Message.SnapshotPiece piece) {
    TreeImport begun = incoming;
    onWorker(
        () -> write(begun, piece),
        new Outcome<>() {
          @Override
          public void done(TreeImport image) {
            incoming = image;
            raft().pieceWritten(piece);
          }

          @Override
          public void failed(IOException why) {
            environment.faults().defect(why);
            Runnable again = () -> replica.writes().replication().step(() -> write(piece));
            group.port().lane().schedule(RETRY_NANOS, again);
          }
        });
  }

  private TreeImport write(@Nullable TreeImport begun, Message.SnapshotPiece piece)
      throws IOException {
    if (piece.offset() == 0) {
      disk.createDirectories(SnapshotFolders.ROOT);
      return TreeImport.begin(disk, folder("in"), piece.bytes());
    }
    if (begun == null) {
      throw new IOException("a piece at " + piece.offset() + " of a snapshot that never began");
    }
    begun.write(piece.offset(), piece.bytes());
    return begun;
  }

  /** Puts what has come into the place of the tree's content. */
  void install(SnapshotInfo snapshot) {
    TreeImport image = incoming;
    if (image == null || image.applied().index() != snapshot.last().index()) {
      throw new IllegalStateException("nothing is there to install at " + snapshot.last());
    }
    incoming = null;
    replica.writes().applier().halt();
    Attachment attachment =
        Attachment.of(image.applied().attachment(), replica.firstMembers())
            .installedAfter(replica.writes().applier().attachment());
    tree.replace(
        image,
        attachment.encode(),
        failure -> {
          if (failure != null) {
            environment.faults().fatal(failure);
          } else {
            replica.writes().replication().step(() -> installed(snapshot, attachment));
          }
        });
  }

  private void installed(SnapshotInfo snapshot, Attachment attachment) {
    replica.writes().replaced(attachment);
    replica.writes().replication().installed(snapshot);
  }
}
