package io.distkv.node.replica;

import io.distkv.base.Disk;
import io.distkv.base.MalformedBytesException;
import io.distkv.node.command.CommandTable;
import io.distkv.storage.Damage;
import io.distkv.storage.journal.JournalScanner;
import io.distkv.storage.journal.RecordKind;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Checks a journal as its replicas would read it: beyond the records' own checksums, that every
 * entry can be understood and that no replica's entries have a gap.
 */
public final class LogVerifier {
  private final CommandTable commands;
  private final Consumer<Damage> report;
  private final SortedMap<Log, Entries> logs = new TreeMap<>();
  private long records;

  /** The log of one replica in one of its lives. */
  private record Log(long replica, long incarnation) implements Comparable<Log> {
    @Override
    public int compareTo(Log other) {
      int byReplica = Long.compare(replica, other.replica);
      return byReplica != 0 ? byReplica : Long.compare(incarnation, other.incarnation);
    }
  }

  /** The entries of a log that the journal still has, which must follow each other. */
  private record Entries(long first, long last) {}

  /** A verifier that has read nothing yet. */
  public LogVerifier(CommandTable commands, Consumer<Damage> report) {
    this.commands = commands;
    this.report = report;
  }

  /**
   * Reads a journal that nobody has open.
   *
   * @param journalId which it should be
   * @throws IOException if its folder cannot be listed
   */
  public void read(Disk disk, String directory, long journalId) throws IOException {
    JournalScanner.scan(disk, directory, journalId, new Visitor());
  }

  /** How many records of replicas the journals hold that were read. */
  public long records() {
    return records;
  }

  /**
   * Checks that a replica's log goes on where its tables end, once all journals are read.
   *
   * @param appliedIndex the last entry that the tables hold
   */
  public void checkGap(ReplicaIdentity replica, long appliedIndex) {
    Entries entries = logs.get(new Log(replica.id(), replica.incarnation()));
    if (entries != null && entries.first() > appliedIndex + 1) {
      String what =
          "its tables end at entry "
              + appliedIndex
              + " and its log begins at "
              + entries.first()
              + ": what is between is lost";
      report.accept(new Damage(replica.directory(), 0, what));
    }
  }

  private final class Visitor implements JournalScanner.Visitor {
    @Override
    public void record(
        String path,
        long place,
        long replica,
        long incarnation,
        RecordKind kind,
        long term,
        long index,
        byte[] payload,
        int offset,
        int length) {
      records++;
      if (kind != RecordKind.ENTRY) {
        return;
      }
      Log log = new Log(replica, incarnation);
      Entries before = logs.get(log);
      logs.put(log, new Entries(before == null ? index : before.first(), index));
      if (before != null && index != before.last() + 1) {
        String what =
            "entry " + index + " of replica " + replica + " follows entry " + before.last();
        report.accept(new Damage(path, place, what));
      }
      try {
        EntryFormat.decode(commands, payload, offset, length);
      } catch (MalformedBytesException e) {
        String what = "entry " + index + " of replica " + replica + ": " + e.getMessage();
        report.accept(new Damage(path, place, what));
      }
    }

    @Override
    public void damage(Damage damage) {
      report.accept(damage);
    }
  }
}
