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
  private final SortedMap<Log, Long> lastIndexes = new TreeMap<>();
  private long records;

  /** The log of one replica in one of its lives. */
  private record Log(long replica, long incarnation) implements Comparable<Log> {
    @Override
    public int compareTo(Log other) {
      int byReplica = Long.compare(replica, other.replica);
      return byReplica != 0 ? byReplica : Long.compare(incarnation, other.incarnation);
    }
  }

  private LogVerifier(CommandTable commands, Consumer<Damage> report) {
    this.commands = commands;
    this.report = report;
  }

  /**
   * Reads a journal that nobody has open.
   *
   * @return how many records of replicas it holds
   * @throws IOException if its folder cannot be listed
   */
  public static long verify(
      Disk disk, String directory, CommandTable commands, Consumer<Damage> report)
      throws IOException {
    LogVerifier verifier = new LogVerifier(commands, report);
    JournalScanner.scan(disk, directory, verifier.new Visitor());
    return verifier.records;
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
      Long before = lastIndexes.put(new Log(replica, incarnation), index);
      if (before != null && index != before + 1) {
        String what = "entry " + index + " of replica " + replica + " follows entry " + before;
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
