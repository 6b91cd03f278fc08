package io.distkv.kvctl.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LedgerTest {
  private static final Entry ENTRY = new Entry(new byte[] {1}, new byte[] {2}, 0);

  private static Piece piece(long line, @Nullable Entry entry, @Nullable String problem) {
    return new Piece(line, 1, line * 10, new byte[0], entry, problem);
  }

  @Test
  void settlesInTheOrderOfTheInputWhateverTheOrderOfTheReplies() {
    for (int seed = 0; seed < 200; seed++) {
      List<Long> reported = new ArrayList<>();
      Ledger ledger =
          new Ledger(Tally.NONE, Long.MAX_VALUE, (piece, _) -> reported.add(piece.firstLine()));
      List<Ledger.Item> open = new ArrayList<>();
      for (long line = 1; line <= 30; line++) {
        Ledger.Item item =
            ledger.add(
                line % 7 == 0
                    ? piece(line, null, "bad")
                    : line % 5 == 0 ? piece(line, null, null) : piece(line, ENTRY, null));
        if (item.piece().entry() != null) {
          open.add(item);
        }
      }
      assertThat(ledger.undecided()).isEqualTo(open);
      List<Ledger.Item> shuffled = new ArrayList<>(open);
      Collections.shuffle(shuffled, new Random(seed));
      for (Ledger.Item item : shuffled) {
        boolean refused = item.piece().firstLine() == 11;
        ledger.decide(item, refused ? Tally.Outcome.BAD : Tally.Outcome.IMPORTED, "");
        Tally tally = ledger.tally();
        List<Ledger.Item> rest = ledger.undecided();
        long before = rest.isEmpty() ? 30 : rest.getFirst().piece().firstLine() - 1;
        assertThat(tally.lines()).as("seed %d", seed).isEqualTo(before);
        assertThat(tally.offset()).isEqualTo(before * 10);
        assertThat(tally.imported() + tally.bad() + tally.blank()).isEqualTo(before);
      }
      assertThat(reported).containsExactly(7L, 11L, 14L, 21L, 28L);
      assertThat(ledger.size()).isZero();
    }
  }

  @Test
  void stopsBeforeTheBadPieceThatIsOneTooMany() {
    List<Long> reported = new ArrayList<>();
    Ledger ledger = new Ledger(Tally.NONE, 1, (piece, _) -> reported.add(piece.firstLine()));
    ledger.add(piece(1, null, "first"));
    Ledger.Item second = ledger.add(piece(2, null, "second"));
    Ledger.Item third = ledger.add(piece(3, ENTRY, null));
    ledger.decide(third, Tally.Outcome.IMPORTED, "");
    assertThat(ledger.stoppedAt()).isSameAs(second);
    assertThat(ledger.reason(second)).isEqualTo("second");
    assertThat(ledger.tally()).isEqualTo(new Tally(10, 1, 0, 0, 1, 0));
    assertThat(reported).containsExactly(1L);
  }
}
