package io.distkv.simulation.cluster;

import io.distkv.raft.RaftOptions;
import io.distkv.simulation.world.SimulatedNetwork;
import io.distkv.simulation.world.VirtualTime;
import java.util.ArrayList;
import java.util.List;

/** What kind of run it is, in sentences. */
final class OptionWords {
  private OptionWords() {}

  static List<String> of(ClusterOptions options, Selection selection, int plannedFaults) {
    List<String> words = new ArrayList<>();
    words.add(
        "%s, whose clocks drift by up to %d thousandths"
            .formatted(count(options.machines(), "node"), options.mostDriftPerMille()));
    words.add(
        "a keyspace of %s, each of them a raft group that begins with %s"
            .formatted(
                count(options.keyspace().partitions(), "partition"),
                count(options.voters(), "voter")));
    words.add(
        "%s on %s, %s with a session each, %s of keys that expire, and %s of several commands at once"
            .formatted(
                count(options.clients(), "client"),
                count(options.keys(), "key"),
                count(options.sessionClients(), "client"),
                count(options.expiryClients(), "writer"),
                count(options.pipelineClients(), "sender")));
    words.add(raft(options.raft()));
    words.add(network(options.network()));
    words.add(
        "memtables of %,d bytes for a node, journal segments of %,d bytes; %,d bytes of writes wait"
                .formatted(options.memtableBytes(), options.segmentBytes(), options.pendingBytes())
            + " at most for a group to decide");
    words.add(
        "things may go wrong for %s: %s, one in %s or so"
            .formatted(
                VirtualTime.span(Math.min(options.safetyNanos(), selection.calmAfterNanos())),
                count(plannedFaults, "fault"),
                VirtualTime.span(options.faultEveryNanos())));
    if (!selection.faults().isAll()) {
      words.add("of the faults only these: " + selection.faults());
    }
    if (!selection.operations().isAll()) {
      words.add(
          "of the operations, while things may go wrong, only these: " + selection.operations());
    }
    return words;
  }

  private static String raft(RaftOptions raft) {
    return "raft: a follower waits %s or more before it stands for election, a leader is heard every %s, %s; it keeps %,d bytes for members that lag"
        .formatted(
            VirtualTime.span(raft.electionTimeoutNanos()),
            VirtualTime.span(raft.heartbeatNanos()),
            raft.quietNanos() == 0
                ? "always"
                : "until nothing was to do for " + VirtualTime.span(raft.quietNanos()),
            raft.catchUpBytes());
  }

  private static String network(SimulatedNetwork.Options network) {
    return "network: a frame takes up to %s, %d in a hundred up to %s; %d in a hundred are lost, %d doubled"
        .formatted(
            VirtualTime.span(network.delays().typicalNanos()),
            network.delays().slowPercent(),
            VirtualTime.span(network.delays().slowNanos()),
            network.lostPercent(),
            network.doubledPercent());
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
