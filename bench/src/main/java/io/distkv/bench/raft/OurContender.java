package io.distkv.bench.raft;

import io.distkv.raft.Membership;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The core on journals: three replicas as three nodes would run them. */
final class OurContender implements Contender {
  private static final int REPLICAS = 3;

  private final List<OurReplica> replicas = new ArrayList<>();
  private @Nullable OurReplica leader;

  @Override
  public void open(Path folder) throws Exception {
    Membership members = Membership.ofVoters(1, 2, 3);
    CompletableFuture<OurReplica> leads = new CompletableFuture<>();
    for (int id = 1; id <= REPLICAS; id++) {
      replicas.add(new OurReplica(id, members, folder.resolve("replica-" + id), leads));
    }
    replicas.forEach(each -> each.start(replicas));
    leader = leads.get(30, TimeUnit.SECONDS);
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
    for (OurReplica each : replicas) {
      each.stop();
    }
    for (OurReplica each : replicas) {
      each.close();
    }
  }
}
