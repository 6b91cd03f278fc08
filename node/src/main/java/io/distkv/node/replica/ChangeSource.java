package io.distkv.node.replica;

import io.distkv.base.ErrorCode;
import io.distkv.base.Version;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.distkv.storage.tree.HistoryGoneException;
import io.distkv.storage.tree.Snapshot;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One replica's changes for those who watch the same keys from one lane, in the order of their
 * versions, from a version on: first what the state still has of the past, then what is applied.
 *
 * <p>It gives only what is asked for, one {@link Answer} to each {@link #ask}, and holds what is
 * applied meanwhile, up to a bound. Beyond it, it lets go of all of that, and looks it up in the
 * state when it is asked again. If the state does not have it any more, it says so: there is never
 * a gap that nobody is told of.
 *
 * <p>Invariants: everything up to {@code through} was given, and nothing else; while {@code live},
 * {@code queue} has everything else up to {@code certainThrough()}, and nothing at or below that
 * will come any more.
 *
 * <p>Used on the replica's lane only.
 */
public final class ChangeSource implements ChangeFeed.Listener {
  private static final Reply.Failure BUSY =
      Errors.of(ErrorCode.OVERLOADED, "too many reads wait; watch again from where this ends");
  private static final Reply.Failure AHEAD =
      Errors.invalid("the version to watch from lies ahead of the node's clock");

  private final Replica replica;
  private final ChangeRange range;
  private final long mostBytes;
  private final Deque<List<Change>> queue = new ArrayDeque<>();
  private long queuedBytes;
  private long through;

  /** Up to this version the last pass has looked: nothing at or below it will come any more. */
  private long seenThrough;

  private boolean listening;
  private boolean live;
  private boolean passing;
  private boolean planned;
  private boolean settling;
  private boolean closed;
  private final Runnable planGoOn = this::goOnAtTurnEnd;
  private @Nullable Request asked;

  /** What is wanted: anything new, or to know that there is nothing up to a version. */
  private record Request(long atLeast, Answer answer) {}

  /** Takes what was asked for. On the replica's lane. */
  public interface Answer {

    /**
     * The next changes.
     *
     * @param changes by version and key; perhaps none
     * @param through the version up to which they are all there are
     * @param live whether they are all there were when this is told
     */
    void changes(List<Change> changes, long through, boolean live);

    /** There will be no more. */
    void ended(Reply.Failure why);
  }

  ChangeSource(Replica replica, ChangeRange range, long after, long mostBytes) {
    this.replica = replica;
    this.range = range;
    this.mostBytes = mostBytes;
    this.through = after;
  }

  /**
   * Asks for what comes next; answered when there is something, or when it is certain that nothing
   * more will come up to {@code atLeast}. Only when the last question was answered.
   *
   * @param atLeast a version; {@link Version#NONE} to wait for changes however long that takes
   */
  public void ask(long atLeast, Answer answer) {
    asked = new Request(atLeast, answer);
    goOn();
  }

  /** Waits no more for changes alone: answers as soon as it is certain of a version. */
  public void hurry(long atLeast) {
    Request request = asked;
    if (request != null && request.atLeast < atLeast) {
      asked = new Request(atLeast, request.answer);
      goOn();
    }
  }

  /** Nobody asks any more. */
  public void close() {
    closed = true;
    asked = null;
    unlisten();
  }

  private void goOn() {
    Request request = asked;
    if (request == null || closed || passing) {
      return;
    }
    if (replica.writes().lost()) {
      end(replica.writes().whyLost());
    } else if (!live) {
      if (Version.millis(through) > replica.clock().nowMillis()) {
        end(AHEAD);
      } else {
        catchUp();
      }
    } else if (!queue.isEmpty()) {
      give();
    } else if (certainThrough() < request.atLeast) {
      makeCertain(request.atLeast);
    } else if (request.atLeast > Version.NONE) {
      give();
    }
  }

  private void goOnAtTurnEnd() {
    planned = false;
    goOn();
  }

  /** The version up to which nothing will come any more; while {@code live}. */
  private long certainThrough() {
    return Math.max(seenThrough, replica.feed().through());
  }

  private void give() {
    List<Change> changes = new ArrayList<>();
    queue.forEach(changes::addAll);
    queue.clear();
    queuedBytes = 0;
    through = Math.max(through, certainThrough());
    answer(changes);
  }

  private void answer(List<Change> changes) {
    Request request = asked;
    asked = null;
    if (request != null) {
      request.answer.changes(changes, through, live);
    }
  }

  private void end(Reply.Failure why) {
    Request request = asked;
    close();
    if (request != null) {
      request.answer.ended(why);
    }
  }

  /** Makes sure that nothing will get a version up to this one any more. */
  private void makeCertain(long version) {
    if (settling) {
      return;
    }
    settling = true;
    replica
        .reads()
        .past()
        .settle(
            version,
            failure -> {
              settling = false;
              if (failure == null) {
                goOn();
              } else {
                end(failure);
              }
            });
  }

  /** Looks in the state for what was applied since; what is applied from here on is queued. */
  private void catchUp() {
    listen();
    long after = through;
    Snapshot snapshot = replica.snapshot();
    passing = true;
    boolean queued =
        replica
            .environment()
            .reads()
            .offer(() -> {
              Outcome outcome = pass(snapshot, after);
              replica.port().lane().complete(() -> passed(snapshot.asOf(), outcome));
            });
    if (!queued) {
      snapshot.close();
      passing = false;
      end(BUSY);
    }
  }

  /** What a pass has found, or why it could not. */
  private record Outcome(@Nullable ChangePass found, Reply.@Nullable Failure failure) {}

  private Outcome pass(Snapshot snapshot, long after) {
    try {
      return new Outcome(ChangePass.run(snapshot, range, after, mostBytes), null);
    } catch (HistoryGoneException e) {
      return new Outcome(null, PastReads.gone(e));
    } catch (IOException e) {
      return new Outcome(null, new ReadFailedException(e).failure(replica.environment().faults()));
    } catch (RuntimeException e) {
      replica.environment().faults().defect(e);
      return new Outcome(null, WritePath.DEFECT);
    }
  }

  private void passed(long snapshotVersion, Outcome outcome) {
    passing = false;
    ChangePass found = outcome.found();
    if (closed) {
      return;
    }
    if (found == null) {
      end(outcome.failure() == null ? WritePath.DEFECT : outcome.failure());
      return;
    }
    through = Math.max(through, found.through());
    if (found.through() < snapshotVersion || !listening) {
      // There is more in the state, or what was queued had to be let go.
      unlisten();
    } else {
      live = true;
      seenThrough = snapshotVersion;
    }
    if (found.changes().isEmpty()) {
      goOn();
    } else {
      answer(found.changes());
    }
  }

  @Override
  public void applied(long version, List<Change> changes) {
    if (version <= through) {
      return;
    }
    queue.add(changes);
    for (Change change : changes) {
      queuedBytes += change.sizeBytes();
    }
    if (queuedBytes > mostBytes) {
      unlisten();
    }
    if (asked != null && !planned) {
      planned = true;
      replica.port().lane().atTurnEnd(planGoOn);
    }
  }

  @Override
  public void interrupted() {
    unlisten();
    goOn();
  }

  private void listen() {
    if (!listening) {
      listening = true;
      replica.feed().add(range, this);
    }
  }

  /** What is applied is not queued any more: the state has to be asked for it. */
  private void unlisten() {
    live = false;
    queue.clear();
    queuedBytes = 0;
    if (listening) {
      listening = false;
      replica.feed().remove(range, this);
    }
  }
}
