package io.distkv.simulation.hunt;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.simulation.hunt.PartitionHistory.Found;
import io.distkv.simulation.world.Violation;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RemainsTest {
  private static final List<Space> SPACES = List.of(new Space(0, "default", 1, false));

  private static NavigableMap<byte[], Found> content(Object... keysAndValues) {
    NavigableMap<byte[], Found> content = new TreeMap<>(Arrays::compareUnsigned);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      content.put(Replies.bytes((String) keysAndValues[i]), (Found) keysAndValues[i + 1]);
    }
    return content;
  }

  private static Found found(String value, long expiresAtMillis) {
    return new Found(Replies.bytes(value), expiresAtMillis);
  }

  private static void compare(
      NavigableMap<byte[], Found> before, NavigableMap<byte[], Found> after) {
    new Remains(List.of(before)).compare(SPACES, List.of(after), 1_000);
  }

  @Test
  void theSameContentPasses() {
    compare(
        content("a", found("1", 0), "b", found("2", 5_000)),
        content("a", found("1", 0), "b", found("2", 5_000)));
  }

  @Test
  void whatMayHaveExpiredSinceIsLeftOut() {
    compare(content("a", found("1", 999)), content());
    compare(content(), content("a", found("1", 1_000)));
  }

  @Test
  void aMillisecondOfExpiryIsADifference() {
    assertThatThrownBy(
            () -> compare(content("b", found("2", 5_000)), content("b", found("2", 5_001))))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("another state than the one that died")
        .hasMessageContaining("'b' in default");
  }

  @Test
  void whatIsMissingOrNewIsADifference() {
    assertThatThrownBy(() -> compare(content("a", found("1", 0)), content()))
        .isInstanceOf(Violation.class);
    assertThatThrownBy(() -> compare(content(), content("a", found("1", 0))))
        .isInstanceOf(Violation.class);
  }
}
