package io.distkv.node.peer;

import io.distkv.base.Clock;
import io.distkv.base.Lane;
import io.distkv.base.Transport;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

/**
 * Which nodes are there. Groups that have nothing to do are silent, so the nodes show for all of
 * them that they are there: to each node that this one has anything to do with goes a frame without
 * messages now and then. Where nothing comes from one for an election timeout, its groups are told,
 * or they would never miss a leader that it had.
 *
 * <p>A node that comes back is not told of: it speaks for itself.
 *
 * <p>{@link #sending} and {@link #heard} may be called on any thread, the rest on lane 0.
 */
final class PeerWatch {
  private static final byte[] PING = FrameFormat.begin(1).toByteArray();

  private final Lane lane;
  private final Clock clock;
  private final Transport transport;
  private final long periodNanos;
  private final long patienceNanos;
  private final LongConsumer whenGone;
  private final ConcurrentNavigableMap<Long, Peer> peers = new ConcurrentSkipListMap<>();
  private boolean stopped;

  /** What is known of a node. */
  private static final class Peer {
    private volatile long heardNanos;
    private final AtomicBoolean gone = new AtomicBoolean();

    Peer(long nowNanos) {
      heardNanos = nowNanos;
    }
  }

  /**
   * @param periodNanos how often this node shows that it is there
   * @param patienceNanos after how long in silence a node is taken for gone
   * @param whenGone told of a node that is gone; on lane 0
   */
  PeerWatch(
      Lane lane,
      Clock clock,
      Transport transport,
      long periodNanos,
      long patienceNanos,
      LongConsumer whenGone) {
    this.lane = lane;
    this.clock = clock;
    this.transport = transport;
    this.periodNanos = periodNanos;
    this.patienceNanos = patienceNanos;
    this.whenGone = whenGone;
  }

  /** Something goes to a node: it is one to watch. */
  void sending(long node) {
    if (!peers.containsKey(node) && meet(node) && peers.size() == 1) {
      lane.complete(this::look);
    }
  }

  /** Something has come from a node. */
  void heard(long node) {
    Peer peer = peers.get(node);
    if (peer == null) {
      sending(node);
    } else {
      peer.heardNanos = clock.monotonicNanos();
      peer.gone.set(false);
    }
  }

  private boolean meet(long node) {
    return peers.putIfAbsent(node, new Peer(clock.monotonicNanos())) == null;
  }

  void stop() {
    stopped = true;
  }

  private void look() {
    if (stopped) {
      return;
    }
    long now = clock.monotonicNanos();
    for (Map.Entry<Long, Peer> each : peers.entrySet()) {
      transport.send(each.getKey(), PING);
      Peer peer = each.getValue();
      if (now - peer.heardNanos >= patienceNanos && peer.gone.compareAndSet(false, true)) {
        whenGone.accept(each.getKey());
      }
    }
    lane.schedule(periodNanos, this::look);
  }
}
