package io.distkv.node.replica;

import io.distkv.base.Disk;
import io.distkv.base.MalformedBytesException;
import io.distkv.node.command.CommandTable;
import io.distkv.storage.Damage;
import io.distkv.storage.journal.JournalScanner;
import io.distkv.storage.journal.RecordKind;
import io.distkv.storage.manifest.Applied;
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

  /**
   * The entries of a log that the journal still has. They must follow each other; one may come
   * again, and what comes again may fill a gap, as {@link LogReplay} has it.
   */
  private static final class Entries {
    private long first;
    private long last;

    /** The last entry that came behind a gap, and where the first did. */
    private long ahead;

    private Damage gap = new Damage("", 0, "");

    Entries(long index) {
      first = index;
      last = index;
    }

    void add(long index, String path, long place, long replica) {
      if (index > last + 1) {
        if (ahead <= last) {
          String what = "entry " + index + " of replica " + replica + " follows entry " + last;
          gap = new Damage(path, place, what);
        }
        ahead = Math.max(ahead, index);
      } else if (index < first) {
        ahead = Math.max(ahead, last);
        first = index;
        last = index;
      } else {
        last = Math.max(last, index);
      }
    }

    void truncate(long index) {
      last = Math.min(last, index - 1);
      ahead = Math.min(ahead, index - 1);
    }

    boolean hasGap() {
      return ahead > last;
    }
  }

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
   * Checks that a replica's log goes on where its tables end, and has no gap, once all journals are
   * read. What the journals have of lives that an installed snapshot has ended is void, and passed
   * over.
   *
   * @param applied how far the tables hold the log
   */
  public void checkGap(ReplicaIdentity replica, Applied applied) {
    long installs;
    try {
      installs = Attachment.installs(applied.attachment());
    } catch (MalformedBytesException e) {
      report.accept(new Damage(replica.directory(), 0, String.valueOf(e.getMessage())));
      return;
    }
    Entries entries = logs.get(new Log(replica.id(), replica.incarnation() + installs));
    if (entries == null) {
      return;
    }
    if (entries.hasGap()) {
      report.accept(entries.gap);
    }
    if (entries.first > applied.index() + 1) {
      String what =
          "its tables end at entry "
              + applied.index()
              + " and its log begins at "
              + entries.first
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
      Log log = new Log(replica, incarnation);
      Entries entries = logs.get(log);
      if (kind == RecordKind.TRUNCATE && entries != null) {
        entries.truncate(index);
      }
      if (kind != RecordKind.ENTRY) {
        return;
      }
      if (entries == null) {
        logs.put(log, new Entries(index));
      } else {
        entries.add(index, path, place, replica);
      }
      try {
        if (LogFormat.isCommand(payload, offset, length)) {
          EntryFormat.decode(commands, payload, offset, length);
        } else {
          LogFormat.entry(term, index, payload, offset, length);
        }
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
