package io.distkv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RaftLogTest {

  private static RaftLog of(long... terms) {
    RaftLog log = new RaftLog(Position.NONE);
    Solo.entries(1, terms).forEach(log::append);
    return log;
  }

  @Test
  void whatWasCutOffMeanwhileIsNotDurable() {
    RaftLog log = of(1, 1, 1);
    Position written = log.last();
    log.truncateAfter(1);
    Solo.entries(2, 2, 2).forEach(log::append);
    log.durable(written);
    assertThat(log.durableIndex()).as("another entry stands there now").isZero();
    log.durable(new Position(2, 3));
    assertThat(log.durableIndex()).isEqualTo(3);
    log.truncateAfter(2);
    assertThat(log.durableIndex()).isEqualTo(2);
  }

  @Test
  void onlyTheNextEntryCanBeAppended() {
    RaftLog log = of(1, 2);
    assertThatThrownBy(() -> log.append(Solo.entries(4, 2).getFirst()))
        .hasMessageContaining("entry 4 of term 2 cannot follow");
    assertThatThrownBy(() -> log.append(Solo.entries(3, 1).getFirst()))
        .hasMessageContaining("entry 3 of term 1 cannot follow");
    assertThatThrownBy(() -> log.at(3)).hasMessageContaining("entry 3 is not in the log");
  }

  @Test
  void entriesAreForgottenOldestFirstAsFarAsTheyMay() {
    RaftLog log = of(1, 1, 2, 2, 3);
    log.durable(log.last());
    log.forget(4, 2, Long.MAX_VALUE);
    assertThat(log.base()).isEqualTo(new Position(1, 2));
    log.forget(4, 0, 0);
    assertThat(log.base()).isEqualTo(new Position(2, 4));
    assertThat(log.knows(3)).isFalse();
    assertThat(log.term(4)).isEqualTo(2);
    assertThat(log.weightBetween(log.base().index(), log.lastIndex()))
        .isEqualTo(log.at(5).weightBytes());
  }

  @Test
  void aPieceOfItIsBoundedButNeverEmpty() {
    RaftLog log = of(1, 1, 1, 1);
    int weight = log.at(1).weightBytes();
    assertThat(log.from(2, 0)).containsExactly(log.at(2));
    assertThat(log.from(2, 2L * weight)).containsExactly(log.at(2), log.at(3));
    assertThat(log.from(2, Long.MAX_VALUE)).hasSize(3);
  }

  /** Against a plain list, over anything that can be done to it. */
  @Test
  void itIsAListOfWhichBothEndsMove() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 200; round++) {
      RaftLog log = new RaftLog(Position.NONE);
      List<Entry> model = new ArrayList<>();
      long base = 0;
      for (int step = 0; step < 200; step++) {
        long last = base + model.size();
        switch (random.nextInt(6)) {
          case 0 -> {
            long cut = base + random.nextInt(model.size() + 1);
            log.truncateAfter(cut);
            model.subList((int) (cut - base), model.size()).clear();
          }
          case 1 -> {
            long upTo = base + random.nextInt(model.size() + 1);
            log.forget(upTo, upTo, 0);
            model.subList(0, (int) (upTo - base)).clear();
            base = upTo;
          }
          default -> {
            Entry entry =
                new Entry(
                    log.lastTerm() + random.nextInt(2),
                    last + 1,
                    Entry.Kind.COMMAND,
                    new byte[random.nextInt(20)]);
            log.append(entry);
            model.add(entry);
          }
        }
        assertThat(log.base().index()).isEqualTo(base);
        assertThat(log.lastIndex()).isEqualTo(base + model.size());
        for (int i = 0; i < model.size(); i++) {
          assertThat(log.at(base + 1 + i)).isSameAs(model.get(i));
        }
        assertThat(log.weightBetween(log.base().index(), log.lastIndex()))
            .isEqualTo(model.stream().mapToLong(Entry::weightBytes).sum());
      }
    }
  }
}
