package io.distkv.node.replica;

import io.distkv.base.Disk;
import io.distkv.node.world.TestWorld;
import io.distkv.storage.journal.Journal;
import io.distkv.storage.journal.JournalEnvironment;
import io.distkv.storage.journal.JournalListener;
import io.distkv.storage.journal.JournalOptions;
import io.distkv.storage.journal.RecordKind;
import java.io.IOException;

/** Puts entries into a node's first journal, which no node has open. */
final class JournalPen implements JournalListener {
  private final Disk disk;
  private final long journalId;

  JournalPen(Disk disk, long journalId) {
    this.disk = disk;
    this.journalId = journalId;
  }

  /** Entries of term 1 of a replica in one of its lives. */
  void write(ReplicaIdentity replica, long incarnation, Mutation mutation, long... indexes)
      throws IOException {
    TestWorld world = new TestWorld(1);
    JournalEnvironment environment =
        new JournalEnvironment(
            disk,
            ReplicaGroup.directory(0),
            journalId,
            world.lane(0),
            world.sync(0),
            world.background(),
            () -> 1L);
    Journal journal =
        Journal.open(environment, JournalOptions.DEFAULT, (_, _, _, _, _, _, _, _) -> {}, this);
    byte[] entry = EntryFormat.encode(1, mutation);
    world.on(
        0,
        () -> {
          for (long index : indexes) {
            journal.append(
                replica.id(),
                incarnation,
                RecordKind.ENTRY,
                1,
                index,
                entry,
                0,
                entry.length,
                Journal.SYNC_AT_ONCE);
          }
        });
    world.run();
    world.on(0, () -> journal.close(() -> {}));
    world.run();
  }

  @Override
  public void advanced(long writtenPosition, long durablePosition) {}

  @Override
  public void failed(IOException cause) {
    throw new AssertionError(cause);
  }

  @Override
  public void diskFull(boolean full) {}
}
