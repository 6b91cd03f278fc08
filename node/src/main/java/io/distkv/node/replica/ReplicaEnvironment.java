package io.distkv.node.replica;

import io.distkv.base.Clock;
import io.distkv.base.Disk;
import io.distkv.base.Workers;
import io.distkv.node.command.CommandTable;
import io.distkv.raft.RaftOptions;
import io.distkv.storage.Damage;
import io.distkv.storage.tree.TreeOptions;
import io.distkv.storage.tree.TreeResources;

/**
 * What all replicas of a node share.
 *
 * @param reads where reads wait for the disk
 * @param background where journals prepare their segments
 * @param limits of the keyspaces
 * @param pendingBytes of one replica's writes that are not applied, beyond which it refuses more
 * @param answersInARow after so many that were answered, the lane sends the answers before it
 *     applies more
 * @param journalBytes of one journal, beyond which the replicas that hold it back are flushed
 * @param journalSegmentBytes of one file of a journal
 * @param tree what every replica's tree starts from; history and compression come from its keyspace
 * @param self what this node is called among the members of a group
 * @param placement who the first members of a group are
 * @param raft how groups behave
 */
public record ReplicaEnvironment(
    Disk disk,
    Clock clock,
    Workers reads,
    Workers background,
    TreeResources trees,
    CommandTable commands,
    DiskReserve reserve,
    KeyspaceLimits limits,
    Faults faults,
    long pendingBytes,
    int answersInARow,
    long journalBytes,
    int journalSegmentBytes,
    TreeOptions tree,
    long self,
    Placement placement,
    RaftOptions raft) {

  /** Who is told of what must not happen. Any thread. */
  public interface Faults {

    /** The node cannot trust its disk any more and must stop serving. */
    void fatal(Throwable cause);

    /** One command met a defect of the node; the node goes on. */
    void defect(Throwable cause);

    /** A read met stored bytes that are not what was written; the node goes on. */
    void damaged(Damage damage);
  }
}
