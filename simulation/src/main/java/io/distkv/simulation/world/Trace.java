package io.distkv.simulation.world;

import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A running hash over everything that happens in a simulated world, in order: two runs of one seed
 * that differ anywhere differ in their hashes from there on. On request it also writes each event
 * as a line of text.
 */
public final class Trace {
  private static final long PRIME = 0x100000001B3L;

  private final @Nullable Consumer<String> lines;
  private final Tally tally = new Tally();
  private LongSupplier time = () -> 0;
  private long hash = 0xCBF29CE484222325L;
  private long events;

  /** A trace that only hashes. */
  public Trace() {
    this.lines = null;
  }

  /** A trace that also hands each event, as a line, to {@code lines}. */
  public Trace(Consumer<String> lines) {
    this.lines = lines;
  }

  /** Where the lines take their time from. */
  public void timeFrom(LongSupplier nanos) {
    this.time = nanos;
  }

  /** Something happened: what, to whom, and two figures that tell it from others of its kind. */
  public void event(String what, String whom, long first, long second) {
    events++;
    mix(what);
    mix(whom);
    mix(first);
    mix(second);
    if (lines != null) {
      lines.accept(
          "%,15.3f us  %-16s %-32s %d %d"
              .formatted(time.getAsLong() / 1e3, what, whom, first, second));
    }
  }

  /** More about the last event, for readers alone: it is no part of the hash. */
  public void detail(Supplier<String> text) {
    if (lines != null) {
      lines.accept(" ".repeat(21) + text.get());
    }
  }

  /** Something happened that words tell best. */
  public void say(String what) {
    event("note", what, 0, 0);
  }

  /** Which ways the run took: no part of the hash. */
  public Tally tally() {
    return tally;
  }

  /** How many events there were. */
  public long events() {
    return events;
  }

  /** The hash so far, as 16 hex digits. */
  public String hex() {
    return HexFormat.of().toHexDigits(hash);
  }

  private void mix(String text) {
    mix(text.hashCode());
  }

  private void mix(long value) {
    hash = (hash ^ value) * PRIME;
    hash ^= hash >>> 32;
  }
}
