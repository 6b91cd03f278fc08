package io.distkv.node.world;

import io.distkv.base.Disk;
import io.distkv.node.Node;
import io.distkv.node.NodeEvents;
import io.distkv.node.NodeHost;
import io.distkv.node.NodeOptions;
import io.distkv.node.command.CommandSpec;
import io.distkv.node.command.NodeControl;
import io.distkv.node.session.CommandObserver;
import io.distkv.node.session.Passage;
import io.distkv.node.session.SessionContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node in a {@link TestWorld}, with what it said to its process. */
public final class TestNode implements NodeEvents, NodeHost {
  private static final long SLOW_NANOS = 99_000_000;

  private final TestWorld world;
  private final List<Throwable> failures = new ArrayList<>();
  private final List<Throwable> defects = new ArrayList<>();
  private final List<String> observed = new ArrayList<>();
  private final List<Passage> slow = new ArrayList<>();
  private boolean started;
  private @Nullable Node node;

  private TestNode(TestWorld world) {
    this.world = world;
  }

  /** Starts a node and lets it come up, or fail to. */
  public static TestNode start(TestWorld world, Disk disk, NodeOptions options) throws IOException {
    TestNode test = new TestNode(world);
    test.node = Node.start(world.environment(disk), options, test, test);
    world.run();
    return test;
  }

  public Node node() {
    if (node == null) {
      throw new IllegalStateException("the node has not been started");
    }
    return node;
  }

  /** A new client on a lane. */
  public TestClient client(int lane) {
    TestClient client = new TestClient(world, lane);
    world.on(
        lane,
        () ->
            client.opened(
                node().open(new SessionContext(lane, "127.0.0.1:1", "127.0.0.1:6379", client))));
    return client;
  }

  /** Stops the node in order. */
  public void stop() {
    boolean[] stopped = new boolean[1];
    node().stop(() -> stopped[0] = true);
    world.advanceMillis(1_000);
    if (!stopped[0]) {
      throw new AssertionError("the node does not stop");
    }
  }

  public boolean hasStarted() {
    return started;
  }

  public List<Throwable> failures() {
    return failures;
  }

  public List<Throwable> defects() {
    return defects;
  }

  /** Commands that were reported as completed: name, then {@code !} if it failed. */
  public List<String> observed() {
    return observed;
  }

  /** The ways of commands that took 100 ms or more. */
  public List<Passage> slow() {
    return slow;
  }

  @Override
  public void recovering(int journal, long doneBytes, long totalBytes) {}

  @Override
  public void started() {
    started = true;
  }

  @Override
  public void failed(Throwable cause) {
    failures.add(cause);
  }

  @Override
  public void defect(Throwable cause) {
    defects.add(cause);
  }

  @Override
  public List<NodeControl.Setting> settings() {
    return List.of(new NodeControl.Setting("maxclients", "10000"));
  }

  @Override
  public @Nullable String set(List<NodeControl.Setting> changes) {
    return "maxclients cannot be changed";
  }

  @Override
  public List<NodeControl.Field> serverFields() {
    return List.of(new NodeControl.Field("tcp_port", "6379"));
  }

  @Override
  public CommandObserver commandObserver(int lane) {
    return new CommandObserver() {
      @Override
      public boolean completed(CommandSpec spec, long nanos, boolean failed) {
        observed.add(spec.name() + (failed ? "!" : ""));
        return nanos > SLOW_NANOS;
      }

      @Override
      public void slow(Passage passage) {
        slow.add(passage);
      }
    };
  }

  @Override
  public List<NodeControl.Field> memoryFields() {
    return List.of();
  }
}
