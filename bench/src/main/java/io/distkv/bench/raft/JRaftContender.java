package io.distkv.bench.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.RaftGroupService;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * SOFAJRaft with its own defaults: its log in RocksDB, synced with every batch, its messages over
 * loopback by Bolt. Statistics of RocksDB, which cost time, are off; snapshots are not taken.
 */
final class JRaftContender implements Contender {
  private static final String GROUP = "bench";

  private final List<RaftGroupService> services = new ArrayList<>();
  private @Nullable Node leader;

  @Override
  public void open(Path folder) throws Exception {
    List<PeerId> peers = new ArrayList<>();
    for (int port : Ports.free()) {
      peers.add(new PeerId(InetAddress.getLoopbackAddress().getHostAddress(), port));
    }
    CompletableFuture<PeerId> leads = new CompletableFuture<>();
    for (PeerId peer : peers) {
      Path home = Files.createDirectories(folder.resolve("replica-" + peer.getPort()));
      NodeOptions options = new NodeOptions();
      options.setInitialConf(new Configuration(peers));
      options.setFsm(new Nothing(peer, leads));
      options.setLogUri(home.resolve("log").toString());
      options.setRaftMetaUri(home.resolve("meta").toString());
      RaftOptions raftOptions = new RaftOptions();
      raftOptions.setSync(true);
      raftOptions.setOpenStatistics(false);
      options.setRaftOptions(raftOptions);
      RaftGroupService service = new RaftGroupService(GROUP, peer, options);
      service.start();
      services.add(service);
    }
    PeerId winner = leads.get(30, TimeUnit.SECONDS);
    leader = services.get(peers.indexOf(winner)).getRaftNode();
  }

  @Override
  public void propose(byte[] payload, Proposal proposal) {
    if (leader == null) {
      throw new IllegalStateException("not open");
    }
    Closure done =
        status -> {
          if (status.isOk()) {
            proposal.committed();
          } else {
            proposal.failed(status.toString());
          }
        };
    leader.apply(new Task(ByteBuffer.wrap(payload), done));
  }

  @Override
  public void close() throws Exception {
    for (RaftGroupService each : services) {
      each.shutdown();
      each.join();
    }
  }

  private static final class Nothing extends StateMachineAdapter {
    private final PeerId self;
    private final CompletableFuture<PeerId> leads;

    Nothing(PeerId self, CompletableFuture<PeerId> leads) {
      this.self = self;
      this.leads = leads;
    }

    @Override
    public void onApply(Iterator entries) {
      while (entries.hasNext()) {
        Closure done = entries.done();
        if (done != null) {
          done.run(Status.OK());
        }
        entries.next();
      }
    }

    @Override
    public void onLeaderStart(long term) {
      leads.complete(self);
    }
  }
}
