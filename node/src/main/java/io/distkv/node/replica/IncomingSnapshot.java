package io.distkv.node.replica;

import io.distkv.base.Disk;
import io.distkv.base.MalformedBytesException;
import io.distkv.raft.Message;
import io.distkv.raft.PartialSnapshot;
import io.distkv.raft.Position;
import io.distkv.raft.Raft;
import io.distkv.raft.SnapshotInfo;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.tree.Tree;
import io.distkv.storage.tree.TreeImport;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot that comes from a leader, piece by piece, and will replace the tree's content.
 *
 * <p>Its pieces are durable one after another, so that a start goes on where the last one stopped.
 * Before the last one is called written, every block of every table is read and checked: what the
 * leader's disk or the way has damaged must not become this replica's state. What cannot be used is
 * thrown away, and asked for anew from its beginning.
 *
 * <p>Used on the replica's lane only, but for {@link #resume}.
 */
final class IncomingSnapshot {
  private static final long RETRY_NANOS = 1_000_000_000L;

  private final Replica replica;
  private final ReplicaGroup group;
  private final ReplicaEnvironment environment;
  private final Disk disk;
  private final Tree tree;
  private final SnapshotWork work;
  private @Nullable TreeImport incoming;
  private boolean writing;
  private long begun;

  IncomingSnapshot(Replica replica, ReplicaGroup group, Tree tree, SnapshotWork work) {
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

  /**
   * At a start, before the replica joins its group: what the disk holds of a snapshot that was
   * coming in, if it can be gone on with; all else is removed. Blocks.
   *
   * @param applied up to where the replica has everything
   */
  @Nullable PartialSnapshot resume(long applied) throws IOException {
    @Nullable PartialSnapshot partial = null;
    for (String folder : SnapshotFolders.incoming(disk, replica.identity())) {
      begun = Math.max(begun, SnapshotFolders.number(folder));
      PartialSnapshot found = partial == null ? resume(folder, applied) : null;
      if (found == null) {
        SnapshotFolders.remove(disk, folder);
      } else {
        partial = found;
      }
    }
    return partial;
  }

  private @Nullable PartialSnapshot resume(String folder, long applied) throws IOException {
    try {
      TreeImport found = TreeImport.resume(disk, folder);
      if (found == null || found.applied().index() <= applied) {
        return null;
      }
      SnapshotOrigin origin = SnapshotOrigin.decode(found.origin());
      incoming = found;
      return origin.partial(found.durableBytes());
    } catch (MalformedBytesException e) {
      // Another version of this program has begun it: its checksum is right.
      return null;
    }
  }

  /** Writes a piece; tries again where the disk has no room. */
  void write(Message.SnapshotPiece piece) {
    if (piece.offset() == 0) {
      begun++;
    }
    write(piece, SnapshotFolders.incoming(replica.identity(), begun));
  }

  private void write(Message.SnapshotPiece piece, String folder) {
    TreeImport before = incoming;
    writing = true;
    work.run(
        () -> write(before, piece, folder),
        new SnapshotWork.Outcome<>() {
          @Override
          public void done(TreeImport image) {
            writing = false;
            if (before != null && before != image) {
              work.remove(before.directory());
            }
            incoming = image;
            raft().pieceWritten(piece);
          }

          @Override
          public void failed(IOException why) {
            environment.faults().defect(why);
            if (why instanceof CorruptionException) {
              drop(piece, folder);
              return;
            }
            group
                .port()
                .lane()
                .schedule(
                    RETRY_NANOS,
                    () -> replica.writes().replication().step(() -> write(piece, folder)));
          }

          @Override
          public void malformed(MalformedBytesException why) {
            environment.faults().defect(why);
            drop(piece, folder);
          }
        });
  }

  private void drop(Message.SnapshotPiece piece, String folder) {
    writing = false;
    if (piece.offset() == 0) {
      work.remove(folder);
    }
    remove();
    raft().pieceNotWritten(piece);
  }

  private void remove() {
    if (incoming != null) {
      work.remove(incoming.directory());
      incoming = null;
    }
  }

  private TreeImport write(@Nullable TreeImport before, Message.SnapshotPiece piece, String folder)
      throws IOException {
    TreeImport image;
    if (piece.offset() == 0) {
      disk.createDirectories(SnapshotFolders.ROOT);
      image = TreeImport.begin(disk, folder, piece.bytes(), SnapshotOrigin.of(piece).encode());
      Position last = new Position(image.applied().term(), image.applied().index());
      if (!last.equals(piece.snapshot().last())) {
        throw new MalformedBytesException(
            "a snapshot of %s that was sent as one of %s".formatted(last, piece.snapshot().last()));
      }
    } else if (before == null) {
      throw new MalformedBytesException(
          "a piece at " + piece.offset() + " of a snapshot that never began");
    } else {
      image = before;
      image.write(piece.offset(), piece.bytes());
    }
    if (piece.last()) {
      image.verify();
    }
    return image;
  }

  /** All up to an index is committed here: a snapshot that holds no more is of no use. */
  void committed(long index) {
    if (incoming != null && !writing && incoming.applied().index() <= index) {
      remove();
    }
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
          if (failure == null) {
            replica.writes().replication().step(() -> installed(snapshot, attachment));
          } else if (!group.stopping() && !replica.writes().lost()) {
            environment.faults().fatal(failure);
          }
        });
  }

  private void installed(SnapshotInfo snapshot, Attachment attachment) {
    replica.writes().replaced(attachment);
    replica.writes().replication().installed(snapshot);
  }
}
