package io.distkv.node.command;

import java.util.ArrayList;
import java.util.List;

/** A slow log with twelve entries, the oldest numbered 0. */
final class FakeSlowLog implements SlowLog {
  private final List<Entry> entries = new ArrayList<>();

  FakeSlowLog() {
    for (int id = 11; id >= 0; id--) {
      entries.add(
          new Entry(
              id,
              1_700_000_000_999L,
              120_000 + id,
              List.of("set", "k" + id, "(1 more word)"),
              "127.0.0.1:1003",
              "cart",
              "journal 119ms, apply 1ms"));
    }
  }

  @Override
  public List<Entry> newest(int most) {
    return entries.subList(0, Math.min(most, entries.size()));
  }

  @Override
  public int size() {
    return entries.size();
  }

  @Override
  public void clear() {
    entries.clear();
  }
}
