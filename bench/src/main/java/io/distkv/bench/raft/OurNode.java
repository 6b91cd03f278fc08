package io.distkv.bench.raft;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.distkv.base.Lane;
import io.distkv.base.Randomness;
import io.distkv.node.Node;
import io.distkv.node.NodeEnvironment;
import io.distkv.node.NodeOptions;
import io.distkv.node.command.CommandTable;
import io.distkv.node.command.Prepared;
import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.replica.Answer;
import io.distkv.node.replica.Call;
import io.distkv.node.replica.Conversation;
import io.distkv.node.replica.LanePort;
import io.distkv.node.replica.Mutation;
import io.distkv.node.replica.Replica;
import io.distkv.node.replica.WriteCall;
import io.distkv.platform.Platform;
import io.distkv.raft.Membership;
import io.distkv.raft.Role;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A whole node with one lane and one keyspace, and its way to the others. What is proposed is a SET
 * to the first partition, which goes the way of any write but for the front end, into a tree and
 * its tables.
 */
final class OurNode {
  private static final CommandTable COMMANDS = CommandTable.standard();
  private static final byte[] SET = "SET".getBytes(US_ASCII);
  private static final int KEYS = 100_000;
  private static final long LOOK_NANOS = 10_000_000;
  private static final long PATIENCE_SECONDS = 60;

  private final long id;
  private final Membership members;
  private final int partitions;
  private final Platform platform;
  private final Lane lane;
  private final LoopbackTransport transport;
  private final OurHost host = new OurHost();
  private @Nullable Node node;
  private @Nullable Conversation conversation;
  private long proposed;

  /**
   * Opens its folder and begins to listen.
   *
   * @param members ids of all nodes
   * @param partitions of the keyspace, each a group: a power of two
   */
  OurNode(long id, Membership members, int partitions, Path folder) throws IOException {
    this.id = id;
    this.members = members;
    this.partitions = partitions;
    Platform.Options usual = Platform.Options.forThisMachine();
    platform =
        Platform.start(
            folder,
            new Platform.Options(1, usual.laneQueueTasks(), 1, usual.readQueueTasks(), 1),
            (thread, failure) -> OurHost.halt(thread.getName(), failure));
    lane = platform.lane(0);
    transport = new LoopbackTransport(id, platform.lanes());
  }

  long id() {
    return id;
  }

  InetSocketAddress address() {
    return transport.address();
  }

  /** Starts, and returns when the node serves. */
  void start(Map<Long, InetSocketAddress> all) throws Exception {
    transport.connect(all);
    NodeEnvironment environment =
        new NodeEnvironment(
            platform.disk(),
            platform.clock(),
            named(platform.newRandomness()),
            platform.lanes().lanes(),
            List.of(platform.sync(0)),
            platform.reads(),
            platform.background(),
            transport);
    NodeOptions options =
        NodeOptions.defaults().toBuilder()
            .keyspaces(List.of(KeyspaceOptions.of(0, "default").withPartitions(partitions)))
            .placement((self, replica) -> members)
            .build();
    node = Node.start(environment, options, host, host);
    host.whenStarted().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** The first number that a new folder draws is its node's identity. */
  private Randomness named(Randomness others) {
    return new Randomness() {
      private boolean drawn;

      @Override
      public long nextLong() {
        boolean first = !drawn;
        drawn = true;
        return first ? id : others.nextLong();
      }
    };
  }

  private Node node() {
    if (node == null) {
      throw new IllegalStateException("not started");
    }
    return node;
  }

  /** Tells, on its lane, when it leads. */
  void whenLeading(CompletableFuture<OurNode> leads) {
    lane.complete(() -> look(leads));
  }

  private void look(CompletableFuture<OurNode> leads) {
    Replica replica = node().replicas().getFirst();
    if (replica.raft().role() == Role.LEADER) {
      conversation = new Conversation(replica.port(), replica);
      leads.complete(this);
    } else if (!leads.isDone()) {
      lane.schedule(LOOK_NANOS, () -> look(leads));
    }
  }

  /** How its groups are. */
  record Groups(long led, long asleep) {}

  /** Counts its groups, on its lane. */
  Groups groups() throws Exception {
    CompletableFuture<Groups> counted = new CompletableFuture<>();
    lane.complete(() -> {
      long led = 0;
      long asleep = 0;
      for (Replica replica : node().replicas()) {
        led += replica.raft().role() == Role.LEADER ? 1 : 0;
        asleep += replica.raft().nextTickNanos() == Long.MAX_VALUE ? 1 : 0;
      }
      counted.complete(new Groups(led, asleep));
    });
    return counted.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Proposes a write, where it leads. From one thread. */
  void propose(byte[] payload, Contender.Proposal proposal) {
    byte[] key = ("key-" + proposed++ % KEYS).getBytes(US_ASCII);
    Prepared.Write set = (Prepared.Write) COMMANDS.prepare(new byte[][] {SET, key, payload});
    Conversation to = conversation;
    if (to == null) {
      throw new IllegalStateException("does not lead");
    }
    WriteCall call = new WriteCall(to, new Outcome(proposal), new Mutation.Single(set));
    LanePort port = to.replica().port();
    lane.complete(() -> port.send(call));
  }

  /** Who waits for a write. */
  private record Outcome(Contender.Proposal proposal) implements Answer {
    @Override
    public void answered(Call call) {
      if (call instanceof WriteCall write && write.reply() instanceof Reply.Failure failure) {
        proposal.failed(failure.line());
      } else {
        proposal.committed();
      }
    }

    @Override
    public boolean abandoned() {
      return false;
    }
  }

  /** Stops the node. All are to be stopped before any is closed. */
  void stop() throws Exception {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    node().stop(() -> stopped.complete(null));
    stopped.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  void close() throws IOException {
    platform.close();
  }
}
