package io.distkv.node.replica;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What this server has proposed and nobody has decided on yet, oldest first.
 *
 * <p>Terms never fall along a log, so that once an entry is committed, none of an older term can
 * come behind it: whatever was proposed in one is over, wherever its place was to be. Places may
 * fall from one proposal to the next: a leader that was deposed and leads again goes on where the
 * log then ends, which may be before what it proposed in its earlier reign; and that may happen
 * yet, as long as nothing of a newer term is committed.
 *
 * <p>Invariant: along the queue terms never fall, and within a term places rise.
 *
 * @param <P> what is proposed
 */
final class Proposals<P extends Proposals.Proposal> {
  private final ArrayDeque<P> proposals = new ArrayDeque<>();

  /** Something with a place in the log. */
  interface Proposal {
    /** The term in which it got its place. */
    long term();

    /** The place. */
    long index();
  }

  /** Takes one that was just proposed. */
  void add(P proposal) {
    proposals.add(proposal);
  }

  boolean isEmpty() {
    return proposals.isEmpty();
  }

  /**
   * An entry is committed; to be told of every one, in order.
   *
   * @param overtaken is told of proposals that will never be committed
   * @return the proposal whose entry it is; null if it is none of these
   */
  @Nullable P committed(long index, long term, Consumer<? super P> overtaken) {
    P next = proposals.peek();
    while (next != null && next.term() < term) {
      overtaken.accept(proposals.remove());
      next = proposals.peek();
    }
    if (next == null || next.term() > term || next.index() > index) {
      return null;
    }
    if (next.index() < index) {
      throw new IllegalStateException("entry " + next.index() + " was passed over at " + index);
    }
    return proposals.remove();
  }

  /** All of them, which are the caller's from here on. */
  List<P> takeAll() {
    List<P> taken = new ArrayList<>(proposals);
    proposals.clear();
    return taken;
  }
}
