package io.distkv.storage.compaction;

import io.distkv.storage.level.LevelCursor;
import io.distkv.storage.level.MergingCursor;
import io.distkv.storage.level.TableHandle;
import io.distkv.storage.table.EntryCursor;
import io.distkv.storage.table.TableReader;
import java.util.ArrayList;
import java.util.List;

/**
 * A compaction to be done.
 *
 * @param reason why it was chosen
 * @param inputs the tables of each level that go into it, level 0 first
 * @param fromLevel the uppermost level with inputs
 * @param toLevel where the outputs go
 * @param move whether the inputs are to be moved there as they are
 */
public record CompactionPlan(
    Reason reason, List<List<TableHandle>> inputs, int fromLevel, int toLevel, boolean move) {

  /** Why a compaction was chosen. */
  public enum Reason {
    /** Too many tables in level 0. */
    LEVEL_0,
    /** A level over its target. */
    SIZE,
    /** A table with more that could be dropped than that must be kept. */
    GARBAGE,
    /** Somebody asked. */
    REQUEST
  }

  public CompactionPlan {
    inputs = inputs.stream().map(List::copyOf).toList();
  }

  /** Whether readers or writers suffer until it is done; else it only wins space. */
  public boolean isUrgent() {
    return reason != Reason.GARBAGE;
  }

  /** All input tables. */
  public List<TableHandle> tables() {
    return inputs.stream().flatMap(List::stream).toList();
  }

  /** File bytes of all inputs. */
  public long bytes() {
    return tables().stream().mapToLong(table -> table.meta().fileBytes()).sum();
  }

  /** A cursor over everything in the inputs. */
  public EntryCursor cursor() {
    List<EntryCursor> cursors = new ArrayList<>();
    inputs.get(0).forEach(table -> cursors.add(table.reader().sequentialCursor()));
    for (List<TableHandle> tables : inputs.subList(1, inputs.size())) {
      if (!tables.isEmpty()) {
        cursors.add(new LevelCursor(tables, TableReader::sequentialCursor));
      }
    }
    return cursors.size() == 1 ? cursors.get(0) : new MergingCursor(cursors);
  }
}
