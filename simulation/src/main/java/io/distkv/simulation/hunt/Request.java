package io.distkv.simulation.hunt;

import io.distkv.node.command.Reply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request under way: what was sent, and how its reply is judged.
 *
 * @param space the selected keyspace
 * @param words as sent
 * @param steps what it asked partitions to log; empty for a read
 * @param grows whether it may be refused because the disk is full
 * @param judge is given the reply, unless it says that nothing was done
 */
@SuppressWarnings("ArrayRecordComponent")
record Request(Space space, byte[][] words, List<Step> steps, boolean grows, Judge judge) {

  /** Judges a reply. */
  @FunctionalInterface
  interface Judge {
    /** What the reply should have been, or null if there is nothing to compare. */
    @Nullable String expected(Reply reply);
  }
}
