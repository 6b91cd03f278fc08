package io.distkv.simulation.world;

import io.distkv.node.session.Output;

/**
 * What a client of a simulated node is told that asks for nothing but replies: whatever else comes
 * is a defect. It takes any amount.
 */
public abstract class RepliesOnly implements Output {
  @Override
  public final void unanswered() {
    throw new IllegalStateException("nobody asked for no answer");
  }

  @Override
  public final void protocol(int version) {
    throw new IllegalStateException("nobody asked for a protocol");
  }

  @Override
  public final void close() {
    throw new IllegalStateException("nobody asked for an end");
  }

  @Override
  public final boolean hasRoomFor(long replyBytes) {
    return true;
  }

  @Override
  public final long inputBytes() {
    return 0;
  }

  @Override
  public final long outputBytes() {
    return 0;
  }
}
