package io.distkv.node.peer;

import io.distkv.base.ByteWriter;
import io.distkv.base.Lane;
import io.distkv.base.Transport;
import io.distkv.node.replica.Outbox;
import io.distkv.raft.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where the messages of a lane's replicas leave: all that a turn brings for one node goes there in
 * one frame at the turn's end, or in several if it is much. So the heartbeats of all groups that a
 * lane has in common with a node are one frame.
 *
 * <p>Used on its lane only.
 */
final class PeerPort implements Outbox {
  private static final int FIRST_CAPACITY_BYTES = 256;
  private static final int FRAME_BYTES = 1024 * 1024;

  private final Lane lane;
  private final Transport transport;
  private final PeerWatch watch;
  private final SortedMap<Long, ByteWriter> open = new TreeMap<>();
  private final List<Full> full = new ArrayList<>();
  private final Runnable flush = this::flush;
  private boolean planned;

  /** A frame that takes no more. */
  private record Full(long node, ByteWriter frame) {}

  PeerPort(Lane lane, Transport transport, PeerWatch watch) {
    this.lane = lane;
    this.transport = transport;
    this.watch = watch;
  }

  @Override
  public void post(long replica, Message message) {
    if (!planned) {
      planned = true;
      lane.atTurnEnd(flush);
    }
    ByteWriter frame =
        open.computeIfAbsent(message.to(), _ -> FrameFormat.begin(FIRST_CAPACITY_BYTES));
    FrameFormat.put(frame, replica, message);
    if (frame.size() >= FRAME_BYTES) {
      open.remove(message.to());
      full.add(new Full(message.to(), frame));
    }
  }

  private void flush() {
    planned = false;
    full.forEach(each -> send(each.node(), each.frame()));
    full.clear();
    open.forEach(this::send);
    open.clear();
  }

  private void send(long node, ByteWriter frame) {
    watch.sending(node);
    transport.send(node, frame.toByteArray());
  }
}
