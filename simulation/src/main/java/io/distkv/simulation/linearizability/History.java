package io.distkv.simulation.linearizability;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What clients asked and were told, in the order in which it happened. To be written on one thread,
 * while the run goes on.
 *
 * <p>A process is one client that does one thing after another. When it cannot know whether an
 * operation took effect (INFO), that operation stays under way for good, so the process is never
 * heard of again and its client goes on under a new number; otherwise two operations of one process
 * would overlap. Whoever breaks these rules gets an exception at once, since a history that breaks
 * them proves nothing.
 *
 * <p>One operation precedes another if its end was recorded before the other's beginning. The times
 * are for readers: two events of the same nanosecond have an order all the same.
 */
public final class History {
  private final List<Event> events = new ArrayList<>();

  /** The last event of every process. */
  private final NavigableMap<Integer, Event> last = new TreeMap<>();

  /**
   * A process begins an operation.
   *
   * @throws IllegalArgumentException if it may not: something of it is under way or has ended INFO,
   *     its number is negative, or the time is before that of the last event
   */
  public void invoke(int process, String key, Operation operation, long timeNanos) {
    if (process < 0) {
      throw new IllegalArgumentException("process " + process + " has a negative number");
    }
    Event before = last.get(process);
    if (before != null && before.type() == Event.Type.INVOKE) {
      throw new IllegalArgumentException(
          "process " + process + " has an operation under way, and begins another");
    }
    if (before != null && before.type() == Event.Type.INFO) {
      throw new IllegalArgumentException(
          "process %d goes on after an operation that ended info; its client needs a new number"
              .formatted(process));
    }
    add(new Event(process, Event.Type.INVOKE, key, operation, null, timeNanos));
  }

  /**
   * The operation that a process has under way took effect.
   *
   * @throws IllegalArgumentException if nothing is under way, the answer is of another kind than
   *     its answers are, or the time is before that of the last event
   */
  public void ok(int process, Answer answer, long timeNanos) {
    Event begun = underWay(process);
    if (!begun.operation().fits(answer)) {
      throw new IllegalArgumentException(answer + " is no answer to " + begun.operation());
    }
    end(begun, Event.Type.OK, answer, timeNanos);
  }

  /**
   * The operation that a process has under way certainly took no effect, and never will.
   *
   * @throws IllegalArgumentException if nothing is under way, or the time is before that of the
   *     last event
   */
  public void fail(int process, long timeNanos) {
    end(underWay(process), Event.Type.FAIL, null, timeNanos);
  }

  /**
   * The operation that a process has under way may or may not have taken effect, or may yet. The
   * process ends.
   *
   * @throws IllegalArgumentException if nothing is under way, or the time is before that of the
   *     last event
   */
  public void info(int process, long timeNanos) {
    end(underWay(process), Event.Type.INFO, null, timeNanos);
  }

  /** All events, in order; a view to be read only. */
  public List<Event> events() {
    return Collections.unmodifiableList(events);
  }

  /** What a process has under way, or null. */
  @Nullable Event begun(int process) {
    Event event = last.get(process);
    return event != null && event.type() == Event.Type.INVOKE ? event : null;
  }

  /** The operations on each key, in the order of their beginnings. */
  NavigableMap<String, List<Call>> callsByKey() {
    NavigableMap<String, List<Call>> calls = new TreeMap<>();
    NavigableMap<Integer, Integer> indexByProcess = new TreeMap<>();
    for (int place = 0; place < events.size(); place++) {
      Event event = events.get(place);
      List<Call> ofKey = calls.computeIfAbsent(event.key(), any -> new ArrayList<>());
      if (event.type() == Event.Type.INVOKE) {
        indexByProcess.put(event.process(), ofKey.size());
        ofKey.add(Call.begun(event, place));
      } else {
        int index = indexByProcess.getOrDefault(event.process(), -1);
        ofKey.set(index, ofKey.get(index).ended(event, place));
      }
    }
    return calls;
  }

  private Event underWay(int process) {
    Event event = begun(process);
    if (event == null) {
      throw new IllegalArgumentException("process " + process + " has nothing under way to end");
    }
    return event;
  }

  private void end(Event begun, Event.Type type, @Nullable Answer answer, long timeNanos) {
    add(new Event(begun.process(), type, begun.key(), begun.operation(), answer, timeNanos));
  }

  private void add(Event event) {
    long latest = events.isEmpty() ? 0 : events.getLast().timeNanos();
    if (event.timeNanos() < latest) {
      throw new IllegalArgumentException(
          "time goes back from %d to %d".formatted(latest, event.timeNanos()));
    }
    events.add(event);
    last.put(event.process(), event);
  }
}
