package io.distkv.kvctl.transfer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The pieces that were read and are not settled in order yet.
 *
 * <p>A piece is settled when its fate is known and all before it are settled: only then does it
 * count, and only then is a bad one reported. So the tally is at every moment exactly what a run
 * that stopped there would have done, which is what a checkpoint needs; replies, refusals and bad
 * lines found while reading would else be counted in an order of their own.
 *
 * <p>Safe for the thread that reads and the one that takes replies.
 */
final class Ledger {
  /** Told of bad pieces, in the order of the input. */
  @FunctionalInterface
  interface BadPieces {
    void refused(Piece piece, String reason);
  }

  /** A piece on its way; the fate is null until it is known. */
  static final class Item {
    private final Piece piece;
    private Tally.@Nullable Outcome outcome;
    private String reason = "";

    private Item(Piece piece) {
      this.piece = piece;
    }

    Piece piece() {
      return piece;
    }
  }

  private final BadPieces badPieces;
  private final long maxBad;
  private final ArrayDeque<Item> open = new ArrayDeque<>();
  private long bytes;
  private Tally tally;
  private @Nullable Item stoppedAt;

  Ledger(Tally start, long maxBad, BadPieces badPieces) {
    this.tally = start;
    this.maxBad = maxBad;
    this.badPieces = badPieces;
  }

  /** Takes up the next piece of the input; a bad or blank one has its fate at once. */
  synchronized Item add(Piece piece) {
    Item item = new Item(piece);
    open.addLast(item);
    bytes += piece.raw().length;
    String problem = piece.problem();
    if (problem != null) {
      decide(item, Tally.Outcome.BAD, problem);
    } else if (piece.isBlank()) {
      decide(item, Tally.Outcome.BLANK, "");
    }
    return item;
  }

  /** Notes what became of an item. */
  synchronized void decide(Item item, Tally.Outcome outcome, String reason) {
    item.outcome = outcome;
    item.reason = reason;
    Item first = open.peekFirst();
    while (first != null && first.outcome != null && stoppedAt == null) {
      settle(first, first.outcome);
      first = open.peekFirst();
    }
  }

  private void settle(Item item, Tally.Outcome outcome) {
    if (outcome == Tally.Outcome.BAD) {
      if (tally.bad() >= maxBad) {
        stoppedAt = item;
        return;
      }
      badPieces.refused(item.piece, item.reason);
    }
    open.removeFirst();
    bytes -= item.piece.raw().length;
    tally = tally.with(item.piece, outcome);
  }

  /** The items whose fate is not known, oldest first. */
  synchronized List<Item> undecided() {
    List<Item> items = new ArrayList<>();
    for (Item item : open) {
      if (item.outcome == null) {
        items.add(item);
      }
    }
    return items;
  }

  synchronized int size() {
    return open.size();
  }

  /** How many bytes of the input are not settled. */
  synchronized long bytes() {
    return bytes;
  }

  synchronized Tally tally() {
    return tally;
  }

  /** Computes something from the tally while nothing is settled and no bad piece reported. */
  synchronized <T> T consistently(Function<Tally, T> computation) {
    return computation.apply(tally);
  }

  /** The bad piece that is one too many, or null; nothing behind it is settled any more. */
  synchronized @Nullable Item stoppedAt() {
    return stoppedAt;
  }

  /** Why the item is bad. */
  synchronized String reason(Item item) {
    return item.reason;
  }
}
