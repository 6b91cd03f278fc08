package io.distkv.server.http.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.node.replica.Change;
import io.distkv.server.http.exchange.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static Change change(long version, int key) {
    return new Change(new byte[] {(byte) key}, null, 0, 0, 0, version);
  }

  private static List<String> tell(Progress progress, List<Change> delivery, long through) {
    List<String> told = new ArrayList<>();
    for (int i = 0; i < delivery.size(); i++) {
      if (progress.next(delivery, i, through)) {
        told.add(progress.id().toString());
      }
    }
    progress.delivered(through);
    return told;
  }

  @Test
  void anIdIsAVersionOrOneAndACount() {
    Progress progress = new Progress(new EventId(3, 0));
    assertThat(tell(progress, List.of(), 4)).isEmpty();
    assertThat(progress.id()).hasToString("4");
    assertThat(tell(progress, List.of(change(5, 1), change(6, 1), change(6, 2)), 9))
        .containsExactly("5", "5.1", "9");
    // The rest of version 10 follows in another delivery.
    assertThat(tell(progress, List.of(change(10, 1), change(10, 2)), 9))
        .containsExactly("9.1", "9.2");
    assertThat(tell(progress, List.of(change(10, 3), change(11, 1)), 11))
        .containsExactly("10", "11");
  }

  /** Whatever the deliveries, and wherever a stream is cut: each change is told once. */
  @Test
  void whereverItIsCutTheNextOneGoesOn() {
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      List<Change> all = new ArrayList<>();
      for (long version = 1; version <= 6; version++) {
        int size = random.nextInt(5);
        for (int key = 0; key < size; key++) {
          all.add(change(version * 10, key));
        }
      }
      List<Change> told = new ArrayList<>();
      EventId cut = new EventId(1, 0);
      while (told.size() < all.size()) {
        cut = stream(cut, all, told, 1 + random.nextInt(6), random);
      }
      assertThat(told).isEqualTo(all);
    }
  }

  /** A stream as a watch delivers it, cut behind so many changes; tells where it was cut. */
  private static EventId stream(
      EventId after, List<Change> all, List<Change> told, int count, Random random) {
    Progress progress = new Progress(after);
    List<Change> rest = all.stream().filter(each -> each.version() > after.through()).toList();
    int left = count;
    for (int at = 0; at < rest.size(); ) {
      int end = Math.min(rest.size(), at + 1 + random.nextInt(4));
      long last = rest.get(end - 1).version();
      boolean whole = end == rest.size() || rest.get(end).version() > last;
      List<Change> delivery = rest.subList(at, end);
      long through = whole ? last + random.nextInt(5) : last - 1 - random.nextInt(3);
      for (int i = 0; i < delivery.size(); i++) {
        if (progress.next(delivery, i, through)) {
          told.add(delivery.get(i));
          if (--left == 0) {
            return EventId.parse(progress.id().toString(), "it");
          }
        }
      }
      progress.delivered(through);
      at = end;
    }
    return progress.id();
  }

  @Test
  void whatIsNoIdIsRefused() {
    for (String text : List.of("", "0", "x", "1.", ".1", "1.x", "9999999999999999999", "1.1.1")) {
      assertThatThrownBy(() -> EventId.parse(text, "it")).isInstanceOf(ProblemException.class);
    }
    assertThat(EventId.parse("12.3", "it")).isEqualTo(new EventId(12, 3));
  }
}
