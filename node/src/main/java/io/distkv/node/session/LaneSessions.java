package io.distkv.node.session;

import io.distkv.node.command.ClientInfo;
import io.distkv.node.command.NodeControl;
import io.distkv.node.hotkeys.HotKeys;
import io.distkv.node.hotkeys.KeySampler;
import io.distkv.node.replica.LanePort;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The sessions whose home is one lane, and the watch over their deadlines: while any of them waits
 * for a reply, all that wait are looked at a few times a second, which costs less than a timer for
 * each request.
 *
 * <p>Used on its lane only.
 */
public final class LaneSessions {
  private static final long LOOK_NANOS = 250_000_000L;

  private final LanePort port;
  private final SessionServices services;
  private final NodeControl control;
  private final CommandObserver observer;
  private final SortedMap<Long, Session> sessions = new TreeMap<>();
  private final Admission admission;
  private final UnaryCalls unaryCalls = new UnaryCalls(this);
  private final KeySampler keys = new KeySampler();
  private List<Session> waiting = new ArrayList<>();
  private long opened;
  private long commands;
  private boolean looking;

  public LaneSessions(
      LanePort port, SessionServices services, NodeControl control, CommandObserver observer) {
    this.port = port;
    this.services = services;
    this.control = control;
    this.observer = observer;
    admission =
        new Admission(services.admittedWaitNanos(), services.diskSyncNanos(), services.clock());
  }

  /** Opens a session with a number that no other session of the node has or had. */
  public Session open(long id, SessionContext context) {
    Session session = Session.ofClient(this, id, context);
    sessions.put(id, session);
    opened++;
    return session;
  }

  /** The sessions as CLIENT LIST shows them, by number. */
  public List<ClientInfo> describe() {
    return sessions.values().stream().map(session -> session.client().info()).toList();
  }

  /** Ends the sessions that match, and tells how many they were. */
  public int kill(Predicate<ClientInfo> which) {
    int killed = 0;
    for (Session session : List.copyOf(sessions.values())) {
      if (which.test(session.client().info())) {
        session.kill();
        killed++;
      }
    }
    return killed;
  }

  /** The requests of this lane that belong to no session. */
  public UnaryCalls unaryCalls() {
    return unaryCalls;
  }

  /** What they have done. */
  public SessionStatistics statistics() {
    return new SessionStatistics(sessions.size(), opened, commands, admission.refusedWrites());
  }

  void count() {
    commands++;
  }

  /** Which keys they asked for most of late. */
  public HotKeys hotKeys() {
    return keys.counted(port.turnNanos());
  }

  /** What samples the keys of the commands of this lane's sessions. */
  public KeySampler keys() {
    return keys;
  }

  /** The port of the lane. */
  public LanePort port() {
    return port;
  }

  SessionServices services() {
    return services;
  }

  NodeControl control() {
    return control;
  }

  Admission admission() {
    return admission;
  }

  CommandObserver observer() {
    return observer;
  }

  void closed(Session session) {
    sessions.remove(session.id());
  }

  /**
   * A session has begun to wait for replies; told again only after it was dropped from the list.
   */
  void waits(Session session) {
    waiting.add(session);
    watchDeadlines();
  }

  /** Something waits for a reply, which is to come within the deadline. */
  void watchDeadlines() {
    if (!looking) {
      looking = true;
      port.lane().schedule(LOOK_NANOS, this::look);
    }
  }

  private void look() {
    long now = services.clock().monotonicNanos();
    List<Session> looked = waiting;
    waiting = new ArrayList<>();
    for (Session session : looked) {
      if (session.stillWaits(now)) {
        waiting.add(session);
      }
    }
    unaryCalls.answerOverdue(now);
    looking = !waiting.isEmpty() || unaryCalls.underWay() > 0;
    if (looking) {
      port.lane().schedule(LOOK_NANOS, this::look);
    }
  }
}
