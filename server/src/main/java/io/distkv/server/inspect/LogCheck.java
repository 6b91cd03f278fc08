package io.distkv.server.inspect;

import io.distkv.storage.Damage;
import io.distkv.storage.journal.JournalScanner;
import io.distkv.storage.journal.RecordKind;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Collects what a check needs of a journal: its damage, and which entries each replica has. */
final class LogCheck implements JournalScanner.Visitor {
  private final SortedMap<Log, Entries> logs = new TreeMap<>();
  private final List<Damage> damages = new ArrayList<>();
  private long records;

  /** One life of a replica. */
  record Log(long replica, long incarnation) implements Comparable<Log> {
    @Override
    public int compareTo(Log other) {
      int byReplica = Long.compare(replica, other.replica);
      return byReplica != 0 ? byReplica : Long.compare(incarnation, other.incarnation);
    }
  }

  /** The entries of a log, which must follow each other. */
  static final class Entries {
    private long first;
    private long last;

    long first() {
      return first;
    }

    long last() {
      return last;
    }
  }

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
    Entries entries = logs.get(log);
    if (entries == null) {
      entries = new Entries();
      entries.first = index;
      logs.put(log, entries);
    } else if (index != entries.last + 1) {
      damages.add(
          new Damage(
              path,
              place,
              "entry " + index + " of replica " + replica + " follows " + entries.last));
    }
    entries.last = index;
  }

  @Override
  public void damage(Damage damage) {
    damages.add(damage);
  }

  SortedMap<Log, Entries> logs() {
    return logs;
  }

  List<Damage> damages() {
    return damages;
  }

  long records() {
    return records;
  }
}
