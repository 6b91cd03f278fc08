package io.distkv.node;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a node's keyspaces, one after another: each looks whether it may be when those
 * before it have ended.
 *
 * <p>Used on lane 0 only.
 */
final class KeyspaceChanges {
  private static final int MOST_WAITING = 100;
  private static final Reply.Failure BUSY =
      Errors.of(
          ErrorCode.OVERLOADED,
          "too many changes of keyspaces wait; nothing was done; try again later");
  private static final Reply.Failure STOPPING =
      Errors.of(ErrorCode.OVERLOADED, "the node is stopping; nothing was done");

  private final Supplier<Reply.@Nullable Failure> refusal;
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private boolean running;
  private boolean stopping;
  private @Nullable Runnable whenIdle;

  /** A change and who asked for it. */
  private record Waiting(KeyspaceChange change, Consumer<Reply> done) {}

  /**
   * @param refusal why the node takes no change now; null if it does
   */
  KeyspaceChanges(Supplier<Reply.@Nullable Failure> refusal) {
    this.refusal = refusal;
  }

  /** Takes a change; {@code done} is told its reply. */
  void submit(KeyspaceChange change, Consumer<Reply> done) {
    if (waiting.size() >= MOST_WAITING) {
      done.accept(BUSY);
      return;
    }
    waiting.add(new Waiting(change, done));
    if (!running) {
      next();
    }
  }

  private void next() {
    Waiting first = waiting.poll();
    running = first != null;
    if (first == null) {
      Runnable then = whenIdle;
      whenIdle = null;
      if (then != null) {
        then.run();
      }
      return;
    }
    Reply.Failure refused = stopping ? STOPPING : refusal.get();
    if (refused == null) {
      first.change().run(reply -> ended(first, reply));
    } else {
      ended(first, refused);
    }
  }

  private void ended(Waiting ended, Reply reply) {
    ended.done().accept(reply);
    next();
  }

  /** Begins no other change, and calls back when the one that is under way has ended. */
  void stop(Runnable then) {
    stopping = true;
    if (running) {
      whenIdle = then;
    } else {
      then.run();
    }
  }
}
