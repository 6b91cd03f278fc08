package io.distkv.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Transport;
import io.distkv.node.world.TestWorld;
import io.distkv.raft.Message;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How what a lane's replicas say becomes frames, and how a silent node is missed. */
class PeersTest {
  private static final long MILLI = 1_000_000;

  /** A frame as the transport was given it. */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  private record Sent(long node, byte[] frame) {}

  private final TestWorld world = new TestWorld(1);
  private final List<Sent> sent = new ArrayList<>();
  private final List<Long> gone = new ArrayList<>();
  private final Transport transport =
      new Transport() {
        @Override
        public void send(long node, byte[] frame) {
          sent.add(new Sent(node, frame));
        }

        @Override
        public void receiver(Receiver receiver) {}
      };
  private final PeerWatch watch =
      new PeerWatch(world.lane(0), world.clock(), transport, 100 * MILLI, 1_000 * MILLI, gone::add);
  private final PeerPort port = new PeerPort(world.lane(0), transport, watch);

  private static List<Long> replicas(byte[] frame) {
    List<Long> replicas = new ArrayList<>();
    FrameFormat.read(frame, 1, 2, (replica, message) -> replicas.add(replica));
    return replicas;
  }

  private List<Sent> takeMessages() {
    List<Sent> taken = sent.stream().filter(each -> !replicas(each.frame()).isEmpty()).toList();
    sent.clear();
    return taken;
  }

  @Test
  void whatATurnSaysToANodeIsOneFrame() {
    world.on(
        0,
        () -> {
          for (long replica = 0; replica < 100; replica++) {
            port.post(replica, new Message.TimeoutNow(1, 2 + replica % 2, 7));
          }
          assertThat(sent).as("nothing leaves before the turn ends").isEmpty();
        });
    List<Sent> messages = takeMessages();
    assertThat(messages).extracting(Sent::node).containsExactly(2L, 3L);
    assertThat(replicas(messages.getFirst().frame())).hasSize(50).startsWith(0L, 2L, 4L);
  }

  @Test
  void muchForANodeGoesInSeveralFramesInOrder() {
    byte[] large = new byte[300_000];
    world.on(
        0,
        () -> {
          for (long replica = 0; replica < 10; replica++) {
            port.post(replica, piece(large));
          }
        });
    List<Sent> messages = takeMessages();
    assertThat(messages).hasSize(3);
    List<Long> order = new ArrayList<>();
    messages.forEach(each -> order.addAll(replicas(each.frame())));
    assertThat(order).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
  }

  private static Message piece(byte[] bytes) {
    io.distkv.raft.Entry entry =
        new io.distkv.raft.Entry(1, 1, io.distkv.raft.Entry.Kind.COMMAND, bytes);
    return new Message.AppendRequest(1, 2, 1, io.distkv.raft.Position.NONE, List.of(entry), 0, 0);
  }

  @Test
  void aNodeThatSaysNothingIsToldOfOnceAndAgainWhenItFallsSilentAgain() {
    world.on(0, () -> port.post(5, new Message.TimeoutNow(1, 2, 7)));
    world.advanceMillis(900);
    watch.heard(2);
    world.advanceMillis(900);
    assertThat(gone).isEmpty();
    world.advanceMillis(3_000);
    assertThat(gone).containsExactly(2L);
    assertThat(sent).as("it is shown all the while that this node is there").hasSizeGreaterThan(30);
    watch.heard(2);
    world.advanceMillis(3_000);
    assertThat(gone).containsExactly(2L, 2L);
    watch.stop();
    sent.clear();
    world.advanceMillis(3_000);
    assertThat(sent).isEmpty();
  }
}
