package io.distkv.node.command;

import java.util.List;

/** The last commands that took long, as SLOWLOG shows them. Any thread. */
public interface SlowLog {
  /** One that remembers nothing. */
  SlowLog NONE =
      new SlowLog() {
        @Override
        public List<Entry> newest(int most) {
          return List.of();
        }

        @Override
        public int size() {
          return 0;
        }

        @Override
        public void clear() {}
      };

  /**
   * One command that took long.
   *
   * @param id rises by one with each
   * @param endedMillis when its reply left, since 1970
   * @param micros how long it took
   * @param words of the command, as far as they are kept
   * @param address of the client; empty if it is not known
   * @param name of the client; empty if it has none
   * @param parts what the time was spent on, as in {@code journal 120ms, apply 3ms}
   */
  record Entry(
      long id,
      long endedMillis,
      long micros,
      List<String> words,
      String address,
      String name,
      String parts) {

    public Entry {
      words = List.copyOf(words);
    }
  }

  /** The newest first, at most so many. */
  List<Entry> newest(int most);

  /** How many it remembers. */
  int size();

  /** Forgets them. */
  void clear();
}
