package io.distkv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Lane;
import io.distkv.node.Node;
import io.distkv.node.NodeEnvironment;
import io.distkv.node.NodeEvents;
import io.distkv.node.NodeHost;
import io.distkv.node.NodeOptions;
import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.platform.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A node on two lanes of this machine, for a front end to stand before; within the test's JVM. */
public final class LiveNode implements NodeEvents, AutoCloseable {
  private final Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Boolean> started = new CompletableFuture<>();
  private final Platform platform;
  private final Node node;

  private LiveNode(Path folder, List<KeyspaceOptions> keyspaces) throws IOException {
    platform =
        Platform.start(
            folder, new Platform.Options(2, 65_536, 2, 1_024, 2), (_, thrown) -> wrong.add(thrown));
    node =
        Node.start(
            new NodeEnvironment(
                platform.disk(),
                platform.clock(),
                platform.newRandomness(),
                platform.lanes().lanes(),
                List.of(platform.sync(0), platform.sync(1)),
                platform.reads(),
                platform.background()),
            NodeOptions.defaults().withKeyspaces(keyspaces),
            new NodeHost() {},
            this);
    started.orTimeout(60, TimeUnit.SECONDS).join();
  }

  /** Starts a node in a folder and waits until it serves. */
  public static LiveNode start(Path folder, KeyspaceOptions... keyspaces) throws IOException {
    return new LiveNode(folder, List.of(keyspaces));
  }

  public Node node() {
    return node;
  }

  public Platform platform() {
    return platform;
  }

  /** Whatever was reported that must not happen. */
  public Queue<Throwable> wrong() {
    return wrong;
  }

  /** Runs a command on the first lane. */
  public Reply run(String... words) {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    platform
        .lanes()
        .lanes()
        .getFirst()
        .complete(() ->
            node.unaryCalls(0)
                .begin(
                    "default",
                    Arrays.stream(words)
                        .map(word -> word.getBytes(StandardCharsets.UTF_8))
                        .toArray(byte[][]::new),
                    reply::complete));
    return reply.orTimeout(60, TimeUnit.SECONDS).join();
  }

  /** How many watches there are. */
  public int watches() {
    int count = 0;
    for (Lane lane : platform.lanes().lanes()) {
      CompletableFuture<Integer> own = new CompletableFuture<>();
      lane.complete(() -> own.complete(node.watches(lane.index()).count()));
      count += own.orTimeout(60, TimeUnit.SECONDS).join();
    }
    return count;
  }

  @Override
  public void started() {
    started.complete(true);
  }

  @Override
  public void recovering(int journal, long doneBytes, long totalBytes) {}

  @Override
  public void failed(Throwable cause) {
    wrong.add(cause);
    started.completeExceptionally(cause);
  }

  @Override
  public void defect(Throwable cause) {
    wrong.add(cause);
  }

  @Override
  public void close() throws IOException {
    CompletableFuture<Boolean> stopped = new CompletableFuture<>();
    node.stop(() -> stopped.complete(true));
    stopped.orTimeout(60, TimeUnit.SECONDS).join();
    platform.close();
    assertThat(wrong).isEmpty();
  }
}
