package io.distkv.storage.compaction;

import io.distkv.base.Disk;
import io.distkv.storage.level.Levels;
import io.distkv.storage.manifest.TableMeta;
import io.distkv.storage.manifest.TreeFiles;
import io.distkv.storage.table.EntryCursor;
import io.distkv.storage.table.EntryKind;
import io.distkv.storage.table.TableOptions;
import io.distkv.storage.table.TableWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the entries of a cursor that are worth keeping into new tables: a flush when the cursor is
 * a memtable's, a compaction when it is over tables. Works in steps of a bounded number of bytes,
 * so that it can be put aside between any two of them; it then holds no large value in memory.
 *
 * <p>The versions of one key always stay together in one table. Not thread-safe: one step at a
 * time.
 */
public final class Rewrite {

  /** What an entry costs beyond its key and value, when steps are measured. */
  private static final int ENTRY_OVERHEAD_BYTES = 16;

  private static final byte[] NO_BYTES = {};

  /**
   * Where the outputs go.
   *
   * @param directory the tree's folder
   * @param numbers gives a new file number at each call
   * @param table layout of the outputs
   * @param tableBytes size from which the next key begins a new table
   */
  public record Target(
      Disk disk, String directory, LongSupplier numbers, TableOptions table, long tableBytes) {}

  private final EntryCursor input;
  private final Retention retention;
  private final Target target;
  private final List<TableMeta> outputs = new ArrayList<>();
  private boolean started;
  private @Nullable TableWriter writer;
  private long writerNumber;

  private Rewrite(EntryCursor input, Retention retention, Target target) {
    this.input = input;
    this.retention = retention;
    this.target = target;
  }

  /**
   * A rewrite of a memtable.
   *
   * @param levels all tables with older data; held by the caller
   * @param horizon newest version that nobody reads before any more
   */
  public static Rewrite ofMemtable(
      EntryCursor memtable, Levels levels, long horizon, Target target) {
    return new Rewrite(memtable, new Retention(horizon, new OlderData(levels, 0)), target);
  }

  /**
   * A rewrite of the inputs of a compaction.
   *
   * @param levels the arrangement that the plan was made for; held by the caller
   * @param horizon newest version that nobody reads before any more
   */
  public static Rewrite ofTables(CompactionPlan plan, Levels levels, long horizon, Target target) {
    // Within level 0 there may be older tables in that level too.
    OlderData older = new OlderData(levels, plan.toLevel() == 0 ? 0 : plan.toLevel() + 1);
    return new Rewrite(plan.cursor(), new Retention(horizon, older), target);
  }

  /**
   * Goes on for about so many bytes of input.
   *
   * @return whether everything is written, and durable but for the names of the files
   */
  public boolean step(long bytes) throws IOException {
    boolean stands = started ? resume() : input.seekToFirst();
    started = true;
    long left = bytes;
    while (stands && left > 0) {
      left -= (long) input.keyLength() + input.valueLength() + ENTRY_OVERHEAD_BYTES;
      Retention.Verdict verdict = retention.judge(input);
      if (retention.isNewKey()) {
        endFullTable();
      }
      if (verdict != Retention.Verdict.DROP) {
        write(verdict == Retention.Verdict.BURY);
      }
      stands = input.next();
    }
    if (stands) {
      input.park();
    } else {
      endTable();
    }
    return !stands;
  }

  private boolean resume() throws IOException {
    if (input.valid()) {
      input.unpark();
    }
    return input.valid();
  }

  /** The tables written so far, in the order of their keys. */
  public List<TableMeta> outputs() {
    return outputs;
  }

  /** Deletes everything written so far. */
  public void abandon() throws IOException {
    if (writer != null) {
      writer.close();
      writer = null;
    }
    for (TableMeta output : outputs) {
      target.disk.delete(TreeFiles.table(target.directory, output.number()));
    }
    outputs.clear();
  }

  private void write(boolean bury) throws IOException {
    TableWriter open = writer;
    if (open == null) {
      writerNumber = target.numbers.getAsLong();
      open =
          new TableWriter(
              target.disk, TreeFiles.table(target.directory, writerNumber), target.table);
      writer = open;
    }
    if (bury) {
      open.add(
          input.keyArray(),
          input.keyOffset(),
          input.keyLength(),
          input.version(),
          EntryKind.TOMBSTONE,
          0,
          NO_BYTES,
          0,
          0);
    } else {
      open.add(input);
    }
  }

  private void endFullTable() throws IOException {
    if (writer != null && writer.estimatedFileBytes() >= target.tableBytes) {
      endTable();
    }
  }

  private void endTable() throws IOException {
    if (writer != null) {
      outputs.add(TableMeta.of(writerNumber, writer.finish()));
      writer = null;
    }
  }
}
