package io.distkv.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChainTest {
  private final Chain<Element> chain = new Chain<>();

  private static final class Element extends Chain.Link<Element> {}

  @Test
  void itIsEmptyAtFirst() {
    assertThat(chain.isEmpty()).isTrue();
    assertThat(chain.first()).isNull();
    assertThat(chain.poll()).isNull();
  }

  @Test
  void anElementCannotBeInTwo() {
    Element element = new Element();
    chain.add(element);
    assertThatThrownBy(() -> new Chain<Element>().add(element))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> chain.add(element)).isInstanceOf(IllegalStateException.class);
    assertThat(chain.size()).isOne();
  }

  @Test
  void whatIsInNoneCanBeTakenOut() {
    Element inside = new Element();
    chain.add(inside);
    chain.remove(new Element());
    assertThat(chain.first()).isSameAs(inside);
    chain.remove(inside);
    chain.remove(inside);
    assertThat(chain.size()).isZero();
  }

  /** Beside a list of the JDK: whatever is added, taken out and polled, both hold the same. */
  @Test
  void itHoldsWhatAListWould() {
    Random random = new Random(7);
    List<Element> model = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      int choice = random.nextInt(5);
      if (choice < 2 || model.isEmpty()) {
        Element next = new Element();
        chain.add(next);
        model.add(next);
      } else if (choice == 2) {
        assertThat(chain.poll()).isSameAs(model.removeFirst());
      } else {
        chain.remove(model.remove(random.nextInt(model.size())));
      }
      assertThat(chain.size()).isEqualTo(model.size());
      assertThat(chain.isEmpty()).isEqualTo(model.isEmpty());
      assertThat(chain.first()).isSameAs(model.isEmpty() ? null : model.getFirst());
    }
    while (!model.isEmpty()) {
      assertThat(chain.poll()).isSameAs(model.removeFirst());
    }
    assertThat(chain.poll()).isNull();
  }
}
