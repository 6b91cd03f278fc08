package io.distkv.bench.raft;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.TimeDuration;
import org.jspecify.annotations.Nullable;

/**
 * Apache Ratis with its own defaults but for the election timeout: its log in segments, synced with
 * every batch, its messages over loopback by gRPC. Proposals are handed to the leader itself, as to
 * the others: no client and no connection is in between. Snapshots are not taken.
 */
final class RatisContender implements Contender {
  private static final Duration ELECTION = Duration.ofSeconds(30);

  private final List<RaftServer> servers = new ArrayList<>();
  private final ClientId client = ClientId.randomId();
  private final RaftGroupId group = RaftGroupId.randomId();
  private @Nullable RaftServer leader;

  @Override
  public void open(Path folder) throws Exception {
    List<RaftPeer> peers = new ArrayList<>();
    String host = InetAddress.getLoopbackAddress().getHostAddress();
    List<Integer> ports = Ports.free();
    for (int port : ports) {
      peers.add(
          RaftPeer.newBuilder().setId("replica-" + port).setAddress(host + ":" + port).build());
    }
    for (int i = 0; i < peers.size(); i++) {
      RaftPeer peer = peers.get(i);
      RaftProperties properties = new RaftProperties();
      GrpcConfigKeys.Server.setHost(properties, host);
      GrpcConfigKeys.Server.setPort(properties, ports.get(i));
      RaftServerConfigKeys.setStorageDir(
          properties, List.of(folder.resolve(peer.getId().toString()).toFile()));
      RaftServerConfigKeys.Log.setUnsafeFlushEnabled(properties, false);
      // As the others: its own 150 to 300 ms are over now and then while a loaded machine pauses.
      RaftServerConfigKeys.Rpc.setTimeoutMin(properties, TimeDuration.valueOf(1, TimeUnit.SECONDS));
      RaftServerConfigKeys.Rpc.setTimeoutMax(properties, TimeDuration.valueOf(2, TimeUnit.SECONDS));
      RaftServer server =
          RaftServer.newBuilder()
              .setServerId(peer.getId())
              .setGroup(RaftGroup.valueOf(group, peers))
              .setProperties(properties)
              .setStateMachine(new Nothing())
              .build();
      server.start();
      servers.add(server);
    }
    leader = awaitLeader();
  }

  private RaftServer awaitLeader() throws IOException, InterruptedException {
    long end = System.nanoTime() + ELECTION.toNanos();
    while (System.nanoTime() < end) {
      for (RaftServer each : servers) {
        if (each.getDivision(group).getInfo().isLeaderReady()) {
          return each;
        }
      }
      Thread.sleep(10);
    }
    throw new IllegalStateException("nobody leads");
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the proposal is told either way
  public void propose(byte[] payload, Proposal proposal) {
    if (leader == null) {
      throw new IllegalStateException("not open");
    }
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(client)
            .setServerId(leader.getId())
            .setGroupId(group)
            .setCallId(CallId.getAndIncrement())
            .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(payload)))
            .setType(RaftClientRequest.writeRequestType())
            .build();
    try {
      leader
          .submitClientRequestAsync(request)
          .whenComplete((reply, failure) -> {
            Optional<String> why = why(reply, failure);
            if (why.isPresent()) {
              proposal.failed(why.get());
            } else {
              proposal.committed();
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> why(
      @Nullable RaftClientReply reply, @Nullable Throwable failure) {
    if (reply == null) {
      return Optional.of(String.valueOf(failure));
    }
    return reply.isSuccess() ? Optional.empty() : Optional.of(reply.toString());
  }

  @Override
  public void close() throws Exception {
    for (RaftServer each : servers) {
      each.close();
    }
  }

  private static final class Nothing extends BaseStateMachine {
    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
      LogEntryProto entry = transaction.getLogEntry();
      updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
      return CompletableFuture.completedFuture(Message.EMPTY);
    }
  }
}
