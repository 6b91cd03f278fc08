package io.distkv.node.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Who is told of what. */
class ChangeFeedTest {
  private final ChangeFeed feed = new ChangeFeed();

  /** Writes down what it is told. */
  private static class Listening implements ChangeFeed.Listener {
    final List<String> told = new ArrayList<>();

    @Override
    public void applied(long version, List<Change> changes) {
      changes.forEach(change -> told.add(version + " " + text(change)));
    }

    @Override
    public void interrupted() {
      told.add("interrupted");
    }
  }

  private static String text(Change change) {
    return new String(change.key(), StandardCharsets.UTF_8) + "=" + change.version();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Listening listen(ChangeRange range) {
    Listening listening = new Listening();
    feed.add(range, listening);
    return listening;
  }

  private void change(long version, String key) {
    feed.note(Change.put(bytes(key), bytes("v"), 0, version));
  }

  @Test
  void eachIsToldTheChangesOfItsRange() {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      NavigableMap<String, Listening> watched = new TreeMap<>();
      for (int i = random.nextInt(200); i >= 0; i--) {
        String from = Integer.toString(random.nextInt(100));
        String to = Integer.toString(random.nextInt(100));
        watched.computeIfAbsent(
            from + " " + to, _ -> listen(new ChangeRange(bytes(from), bytes(to))));
      }
      NavigableMap<String, List<String>> expected = new TreeMap<>();
      for (long version = 1; version <= 20; version++) {
        TreeMap<String, String> changed = new TreeMap<>();
        for (int i = random.nextInt(random.nextBoolean() ? 2 : 50); i > 0; i--) {
          String key = Integer.toString(random.nextInt(100));
          change(version, key);
          changed.put(key, version + " " + key + "=" + version);
        }
        feed.applied(version);
        assertThat(feed.through()).isEqualTo(version);
        for (String range : watched.keySet()) {
          String[] bounds = range.split(" ", 2);
          if (bounds[0].compareTo(bounds[1]) < 0) {
            expected
                .computeIfAbsent(range, _ -> new ArrayList<>())
                .addAll(changed.subMap(bounds[0], bounds[1]).values());
          }
        }
      }
      for (String range : watched.keySet()) {
        assertThat(watched.get(range).told)
            .as("seed %d, range %s", seed, range)
            .isEqualTo(expected.getOrDefault(range, List.of()));
      }
    }
  }

  /** Who begins and ends to listen while others are told changes nothing for them. */
  @Test
  void whoIsToldMayLeave() {
    ChangeRange all = ChangeRange.prefix(new byte[0]);
    List<String> heard = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ChangeRange own = i == 1 ? ChangeRange.prefix(bytes("k")) : all;
      feed.add(
          own,
          new Listening() {
            @Override
            public void applied(long version, List<Change> changes) {
              heard.add(version + " " + changes.size());
              feed.remove(own, this);
              feed.add(ChangeRange.key(bytes("other")), this);
            }
          });
    }
    change(1, "k1");
    change(1, "k2");
    feed.applied(1);
    assertThat(heard).containsExactly("1 2", "1 2", "1 2");
    change(2, "k1");
    feed.applied(2);
    assertThat(heard).hasSize(3);
    change(3, "other");
    feed.applied(3);
    assertThat(heard).hasSize(6);
  }

  @Test
  void allAreInterrupted() {
    Listening one = listen(ChangeRange.key(bytes("k")));
    Listening other = listen(ChangeRange.prefix(bytes("x")));
    change(1, "k");
    feed.noteClear();
    feed.applied(1);
    assertThat(one.told).containsExactly("interrupted");
    assertThat(other.told).containsExactly("interrupted");
  }
}
