package io.distkv.server.http.watch;

import io.distkv.node.replica.Change;
import java.util.List;

/**
 * How far a stream has come, change by change. What comes is in the order of versions and keys; a
 * version's changes may come in several deliveries, which this counts, so that a stream that was
 * cut between two of them goes on with the second.
 */
final class Progress {
  private EventId id;

  /** The version whose changes are counted; 0 while none has come. */
  private long version;

  /** Changes of the next version that an earlier stream has told. */
  private int toSkip;

  /** Of a stream that goes on behind an event; behind none, it will be known by the delivery. */
  Progress(EventId after) {
    id = after;
    toSkip = after.told();
  }

  /** After which another stream goes on, if what was told so far is heeded. */
  EventId id() {
    return id;
  }

  /**
   * The next change of a delivery; whether it is to be told, with the id that is there then.
   *
   * @param through the version up to which the delivery tells everything
   */
  boolean next(List<Change> delivery, int index, long through) {
    Change change = delivery.get(index);
    if (change.version() != version) {
      if (version != 0) {
        // Nothing more of the version before will come.
        id = new EventId(Math.max(id.through(), version), 0);
        toSkip = 0;
      }
      version = change.version();
    }
    boolean known = toSkip > 0;
    if (known) {
      toSkip--;
    }
    boolean last = index == delivery.size() - 1;
    if (last ? through >= version : delivery.get(index + 1).version() != version) {
      id = new EventId(last ? through : version, 0);
    } else if (!known) {
      id = new EventId(id.through(), id.told() + 1);
    }
    return !known;
  }

  /** The change that came last was not told after all. */
  void back(EventId before) {
    id = before;
  }

  /** A delivery has been told up to its end. */
  void delivered(long through) {
    if (through > id.through()) {
      id = new EventId(through, version != 0 && through >= version ? 0 : id.told());
    }
  }
}
