package io.distkv.node;

import io.distkv.base.Clock;
import io.distkv.base.Disk;
import io.distkv.base.Lane;
import io.distkv.base.Randomness;
import io.distkv.base.Transport;
import io.distkv.base.Workers;
import java.util.List;

/**
 * The world a node runs in: all that it touches of it. Belongs to whoever starts the node, who also
 * shuts it down, after the node has stopped.
 *
 * @param disk the data folder; nobody else may use it
 * @param randomness for the node's identity; used while it starts
 * @param lanes at least one; {@code lanes.get(i).index()} is i
 * @param sync where journals are written and synced: for each lane one, which does its tasks in
 *     order
 * @param reads where reads wait for the disk
 * @param background where tables are flushed and compacted
 * @param transport to other nodes
 */
public record NodeEnvironment(
    Disk disk,
    Clock clock,
    Randomness randomness,
    List<Lane> lanes,
    List<Workers> sync,
    Workers reads,
    Workers background,
    Transport transport) {

  /** The world of a node that has no others. */
  public NodeEnvironment(
      Disk disk,
      Clock clock,
      Randomness randomness,
      List<Lane> lanes,
      List<Workers> sync,
      Workers reads,
      Workers background) {
    this(disk, clock, randomness, lanes, sync, reads, background, Transport.NONE);
  }

  public NodeEnvironment {
    lanes = List.copyOf(lanes);
    sync = List.copyOf(sync);
    if (lanes.isEmpty() || sync.size() != lanes.size()) {
      throw new IllegalArgumentException(
          "a node needs at least one lane, and a sync worker for each: "
              + lanes.size()
              + " lanes, "
              + sync.size()
              + " sync workers");
    }
  }
}
