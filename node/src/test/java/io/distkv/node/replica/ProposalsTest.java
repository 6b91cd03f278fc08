package io.distkv.node.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whoever proposed something hears of it: that it happened, or that it never will. */
class ProposalsTest {
  private final Proposals<Placed> proposals = new Proposals<>();
  private final List<Placed> overtaken = new ArrayList<>();

  private record Placed(long term, long index) implements Proposals.Proposal {}

  private Placed propose(long term, long index) {
    Placed placed = new Placed(term, index);
    proposals.add(placed);
    return placed;
  }

  private @Nullable Placed committed(long index, long term) {
    return proposals.committed(index, term, overtaken::add);
  }

  @Test
  void whatIsCommittedIsTheProposalOfItsTermAndPlace() {
    Placed first = propose(4, 10);
    Placed second = propose(4, 11);
    assertThat(committed(9, 3)).isNull();
    assertThat(committed(10, 4)).isSameAs(first);
    assertThat(committed(11, 4)).isSameAs(second);
    assertThat(proposals.isEmpty()).isTrue();
    assertThat(overtaken).isEmpty();
  }

  @Test
  void anEntryOfANewerTermEndsAllOlderProposalsWhereverTheyWereToBe() {
    Placed first = propose(4, 10);
    Placed second = propose(4, 99);
    assertThat(committed(10, 5)).isNull();
    assertThat(overtaken).containsExactly(first, second);
  }

  @Test
  void aLeaderThatLeadsAgainMayProposeBeforeWhatStillWaits() {
    Placed first = propose(4, 1608);
    Placed second = propose(7, 1607);
    assertThat(committed(1606, 4)).isNull();
    assertThat(committed(1607, 7)).isSameAs(second);
    assertThat(overtaken).containsExactly(first);
    assertThat(committed(1608, 7)).isNull();
  }

  @Test
  void whatWasProposedInAnEarlierReignMayHappenYet() {
    Placed first = propose(4, 1608);
    Placed second = propose(7, 1607);
    assertThat(committed(1607, 4)).isNull();
    assertThat(committed(1608, 4)).isSameAs(first);
    assertThat(committed(1609, 8)).isNull();
    assertThat(overtaken).containsExactly(second);
  }

  @Test
  void noneIsEverPassedOver() {
    propose(4, 10);
    assertThatThrownBy(() -> committed(11, 4))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("entry 10 was passed over");
  }
}
