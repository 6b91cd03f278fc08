package io.distkv.bench.raft;

import io.distkv.raft.Membership;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Three whole nodes, which talk over loopback as the other contenders do. */
final class OurContender implements Contender {
  private static final int NODES = 3;
  private static final long PATIENCE_SECONDS = 30;

  private final List<OurNode> nodes = new ArrayList<>();
  private @Nullable OurNode leader;

  @Override
  public void open(Path folder) throws Exception {
    open(folder, 1);
    CompletableFuture<OurNode> leads = new CompletableFuture<>();
    nodes.forEach(each -> each.whenLeading(leads));
    leader = leads.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Starts the nodes, with so many groups, and returns when they serve. */
  List<OurNode> open(Path folder, int groups) throws Exception {
    Membership members = Membership.ofVoters(1, 2, 3);
    SortedMap<Long, InetSocketAddress> addresses = new TreeMap<>();
    for (long id = 1; id <= NODES; id++) {
      OurNode next = new OurNode(id, members, groups, folder.resolve("node-" + id));
      nodes.add(next);
      addresses.put(id, next.address());
    }
    for (OurNode each : nodes) {
      each.start(addresses);
    }
    return nodes;
  }

  @Override
  public void propose(byte[] payload, Proposal proposal) {
    if (leader == null) {
      throw new IllegalStateException("not open");
    }
    leader.propose(payload, proposal);
  }

  @Override
  public void close() throws Exception {
    for (OurNode each : nodes) {
      each.stop();
    }
    for (OurNode each : nodes) {
      each.close();
    }
  }
}
