package io.distkv.storage.journal;

import io.distkv.storage.Damage;
import io.distkv.storage.MemoryDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The files of a journal at one moment, to be broken and looked at. */
record JournalFiles(Map<String, byte[]> contents) {

  static JournalFiles of(MemoryDisk disk) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    for (String name : disk.list(TestJournal.DIRECTORY)) {
      String path = TestJournal.DIRECTORY + "/" + name;
      contents.put(path, disk.content(path));
    }
    return new JournalFiles(contents);
  }

  static String segment(int number) {
    return TestJournal.DIRECTORY + "/%012d.journal".formatted(number);
  }

  byte[] content(String path) {
    byte[] content = contents.get(path);
    if (content == null) {
      throw new IllegalArgumentException("no file " + path + " in " + contents.keySet());
    }
    return content.clone();
  }

  /** A disk with these files, but for one that has another content. */
  MemoryDisk with(String path, byte[] content) {
    MemoryDisk disk = new MemoryDisk();
    contents.forEach(disk::replace);
    disk.replace(path, content);
    return disk;
  }

  /** What a scan of a disk finds. */
  static final class Found implements JournalScanner.Visitor {
    final List<LoggedRecord> records = new ArrayList<>();
    final List<String> events = new ArrayList<>();
    final List<Damage> damages = new ArrayList<>();

    @Override
    public void segment(String path, long number, long capacityBytes) {
      events.add("segment " + number + " of " + capacityBytes);
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
      records.add(
          LoggedRecord.of(replica, incarnation, kind, term, index, payload, offset, length));
      events.add("record");
    }

    @Override
    public void mark(String path, long place, long segmentNumber, long offset) {
      events.add("mark " + segmentNumber);
    }

    @Override
    public void seal(String path, long place) {
      events.add("seal");
    }

    @Override
    public void end(String path, long place, boolean torn) {
      events.add(torn ? "torn end" : "end");
    }

    @Override
    public void damage(Damage damage) {
      damages.add(damage);
    }
  }

  static Found scan(MemoryDisk disk) throws IOException {
    Found found = new Found();
    JournalScanner.scan(disk, TestJournal.DIRECTORY, 7, found);
    return found;
  }
}
