package io.distkv.node.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** It finds what a look at every range finds. */
class RangeTreeTest {
  private record Entry(ChangeRange range, int element) {}

  private static byte[] key(Random random) {
    byte[] key = new byte[random.nextInt(4)];
    for (int i = 0; i < key.length; i++) {
      // Both sides of the sign: bytes are compared as numbers from 0 to 255.
      key[i] = (byte) (126 + random.nextInt(4));
    }
    return key;
  }

  private static ChangeRange range(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> ChangeRange.key(key(random));
      case 1 -> ChangeRange.prefix(key(random));
      case 2 -> new ChangeRange(key(random), null);
      default -> new ChangeRange(key(random), key(random));
    };
  }

  private static List<Entry> found(RangeTree<Integer> tree, byte[] key) {
    List<Entry> found = new ArrayList<>();
    tree.find(key, (range, elements) -> elements.forEach(it -> found.add(new Entry(range, it))));
    return found;
  }

  @Test
  void itFindsWhatALookAtEveryRangeFinds() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      RangeTree<Integer> tree = new RangeTree<>();
      List<Entry> all = new ArrayList<>();
      int steps = 1 + random.nextInt(400);
      for (int i = 0; i < steps; i++) {
        if (random.nextInt(5) < 3 || all.isEmpty()) {
          Entry entry = new Entry(range(random), i);
          all.add(entry);
          tree.add(entry.range(), entry.element());
        } else {
          Entry entry = all.remove(random.nextInt(all.size()));
          tree.remove(entry.range(), entry.element());
          tree.remove(entry.range(), entry.element());
        }
        byte[] key = key(random);
        assertThat(found(tree, key))
            .as("seed %d, step %d", seed, i)
            .containsExactlyInAnyOrderElementsOf(
                all.stream().filter(entry -> entry.range().contains(key)).toList());
      }
      assertThat(tree.isEmpty()).isEqualTo(all.isEmpty());
      assertThat(tree.all().stream().sorted().toList())
          .isEqualTo(all.stream().map(Entry::element).sorted().toList());
    }
  }

  /** One that leaned to a side would be as deep as it has ranges, and no stack is. */
  @Test
  void itStaysFlatInWhateverOrderRangesComeAndGo() {
    int ranges = 1 << 17;
    RangeTree<Integer> tree = new RangeTree<>();
    for (int i = 0; i < ranges; i++) {
      tree.add(ordered(i), i);
    }
    assertThat(found(tree, ordered(777).from())).extracting(Entry::element).containsExactly(777);
    for (int i = ranges - 1; i > 0; i--) {
      tree.remove(ordered(i), i);
    }
    assertThat(tree.all()).containsExactly(0);
  }

  private static ChangeRange ordered(int number) {
    return ChangeRange.key(new byte[] {(byte) (number >> 16), (byte) (number >> 8), (byte) number});
  }

  @Test
  void whatWasFoundStaysAsItIs() {
    ChangeRange all = ChangeRange.prefix(new byte[0]);
    RangeTree<Integer> tree = new RangeTree<>();
    tree.add(all, 1);
    tree.add(all, 2);
    List<Integer> found = new ArrayList<>();
    List<List<Integer>> held = new ArrayList<>();
    tree.find(new byte[] {1}, (_, elements) -> held.add(elements));
    tree.remove(all, 1);
    tree.add(all, 3);
    held.forEach(found::addAll);
    assertThat(found).containsExactly(1, 2);
    assertThat(tree.all()).containsExactly(2, 3).isSortedAccordingTo(Comparator.naturalOrder());
  }
}
