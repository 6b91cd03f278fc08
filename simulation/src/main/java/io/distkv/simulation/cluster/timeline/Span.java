package io.distkv.simulation.cluster.timeline;

import io.distkv.simulation.world.VirtualTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a node was for a while.
 *
 * @param group that it leads; else 0
 * @param fromNanos virtual time
 * @param toNanos virtual time, after {@code fromNanos} or at it
 * @param words about it
 */
record Span(State state, long node, long group, long fromNanos, long toNanos, String words) {

  /** What a node can be; several at once. */
  enum State {
    UP,
    PAUSED,
    /** Half of the ways to and from it, or more. */
    CUT,
    PARTLY_CUT,
    LEADS
  }

  /** Everything that nodes were, state by state: what covers another comes after it. */
  static List<Span> of(Timeline timeline) {
    Builder builder = new Builder();
    timeline.moments().forEach(builder::add);
    builder.end(timeline.endNanos());
    builder.ended.sort(Comparator.comparing(Span::state));
    return builder.ended;
  }

  /** Each that has begun and not ended has a key of its own. */
  private static final class Builder {
    private final List<Span> ended = new ArrayList<>();
    private final Map<String, Span> open = new TreeMap<>();

    void add(Moment moment) {
      long nanos = moment.nanos();
      switch (moment) {
        case Moment.Started(_, long node, int life) ->
            begin(State.UP, node, 0, nanos, "is up, in life " + life);
        case Moment.Down(_, long node, _) -> endAllOf(node, nanos);
        case Moment.Paused(_, long node, long untilNanos) ->
            ended.add(new Span(State.PAUSED, node, 0, nanos, untilNanos, "stands still"));
        case Moment.Leads(_, long node, long group, long term) ->
            begin(
                State.LEADS,
                node,
                group,
                nanos,
                "leads group %d in term %d".formatted(group, term));
        case Moment.Deposed(_, long node, long group, _) ->
            end(key(State.LEADS, node, group), nanos);
        case Moment.Cut cut -> cut(cut);
        case Moment.Struck _,
            Moment.Installed _,
            Moment.Members _,
            Moment.Calm _,
            Moment.Broken _ -> {}
      }
    }

    private void cut(Moment.Cut cut) {
      for (Span span : List.copyOf(open.values())) {
        if (span.state() == State.CUT || span.state() == State.PARTLY_CUT) {
          end(key(span.state(), span.node(), 0), cut.nanos());
        }
      }
      cut.waysOf()
          .forEach((node, ways) ->
              begin(
                  2 * ways < cut.waysOfEach() ? State.PARTLY_CUT : State.CUT,
                  node,
                  0,
                  cut.nanos(),
                  "is cut off by %d of %d ways".formatted(ways, cut.waysOfEach())));
    }

    private static String key(State state, long node, long group) {
      return state + " " + node + " " + group;
    }

    private void begin(State state, long node, long group, long nanos, String words) {
      String key = key(state, node, group);
      end(key, nanos);
      open.put(key, new Span(state, node, group, nanos, nanos, words));
    }

    private void end(String key, long nanos) {
      Span span = open.remove(key);
      if (span != null) {
        ended.add(span.endedAt(nanos));
      }
    }

    /** A node is down: what it was, it is no more; what became of its pauses shows with that. */
    private void endAllOf(long node, long nanos) {
      for (Span span : List.copyOf(open.values())) {
        if (span.node() == node && (span.state() == State.UP || span.state() == State.LEADS)) {
          end(key(span.state(), node, span.group()), nanos);
        }
      }
      ended.replaceAll(span ->
          span.node() == node && span.state() == State.PAUSED && span.toNanos() > nanos
              ? span.endedAt(nanos)
              : span);
    }

    void end(long nanos) {
      List.copyOf(open.keySet()).forEach(key -> end(key, nanos));
      ended.replaceAll(span -> span.toNanos() > nanos ? span.endedAt(nanos) : span);
    }
  }

  private Span endedAt(long nanos) {
    return new Span(state, node, group, fromNanos, nanos, words);
  }

  /** All of it, for a reader. */
  String title() {
    return "node %d %s, from %s to %s s"
        .formatted(node, words, VirtualTime.stamp(fromNanos), VirtualTime.stamp(toNanos));
  }
}
