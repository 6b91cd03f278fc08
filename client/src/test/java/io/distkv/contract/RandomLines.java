package io.distkv.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Makes lines of a scenario, the same ones from the same seed: few keys, so that most operations
 * meet something, and every option, often several at a time.
 */
final class RandomLines {
  private static final List<String> KEYS =
      List.of("\"{a}1\"", "\"{a}2\"", "\"{a}\\x00\\xff\"", "\"{b}1\"", "\"{b}/ä\"", "\"{b}2\"");
  private static final List<String> VALUES =
      List.of("\"\"", "\"1\"", "\"-20\"", "\"9223372036854775807\"", "\"x\"*3000", "all-bytes");
  private static final List<String> BOUNDS =
      List.of("\"{a}\"", "\"{a}2\"", "\"{b}\"", "\"{b}/\"", "\"{\"", "\"z\"", "\"\\x00\"");

  private final Random random;
  private final boolean plain;
  private final boolean past;

  /**
   * @param plain whether only to ask for what every door offers
   * @param past whether to read as of versions, which only compare within a partition
   */
  RandomLines(Random random, boolean plain, boolean past) {
    this.random = random;
    this.plain = plain;
    this.past = past;
  }

  /**
   * The lines of a step without its answer: that of a batch has more than one.
   *
   * @param lastVersion of all writes so far
   */
  List<String> step(long lastVersion) {
    int kind = random.nextInt(plain ? 80 : 100);
    if (kind < 70) {
      return List.of(single(one(KEYS), lastVersion, false));
    }
    if (kind < 80) {
      return plainReads();
    }
    return kind < 90 ? batch(lastVersion) : List.of(scan(lastVersion));
  }

  private String one(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }

  private String maybe(String option) {
    return random.nextInt(3) == 0 ? " " + option : "";
  }

  private String single(String key, long lastVersion, boolean batched) {
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> "get " + key + (batched ? condition(lastVersion, true) : asOf(lastVersion));
      case 3, 4, 5, 6 -> put(key, lastVersion, batched);
      case 7 -> delete(key, lastVersion, batched);
      default -> increment(key, batched);
    };
  }

  private String asOf(long lastVersion) {
    return plain || !past || lastVersion == 0 ? "" : maybe("as-of " + version(lastVersion));
  }

  /** Rather one of the last ones, which conditions may well need. */
  private String version(long lastVersion) {
    return "v"
        + (lastVersion - random.nextLong(Math.min(lastVersion, random.nextInt(2) == 0 ? 5 : 50)));
  }

  private String put(String key, long lastVersion, boolean batched) {
    String condition = condition(lastVersion, true);
    String life =
        switch (random.nextInt(4)) {
          case 0 -> " ttl " + (1 + random.nextInt(48)) + "h";
          case 1 -> " keep-ttl";
          default -> "";
        };
    boolean previous = !batched && (!plain || condition.isEmpty());
    return "put "
        + key
        + " "
        + one(VALUES)
        + condition
        + life
        + (previous ? maybe("return-previous") : "");
  }

  private String delete(String key, long lastVersion, boolean batched) {
    return "delete "
        + key
        + (plain ? "" : condition(lastVersion, false))
        + (batched ? "" : maybe("return-previous"));
  }

  private String increment(String key, boolean batched) {
    return "increment "
        + key
        + " "
        + (random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(-9, 10))
        + (plain || batched ? "" : maybe("initial " + random.nextInt(-99, 100)))
        + (plain ? "" : maybe("ttl " + (1 + random.nextInt(48)) + "h"));
  }

  private String condition(long lastVersion, boolean absent) {
    return switch (random.nextInt(8)) {
      case 0 -> absent ? " if-absent" : "";
      case 1 -> " if-present";
      case 2, 3 -> plain || lastVersion == 0 ? "" : " if-version " + version(lastVersion);
      default -> "";
    };
  }

  private List<String> plainReads() {
    List<String> lines = new ArrayList<>(List.of("batch"));
    IntStream.range(0, 1 + random.nextInt(5)).forEach(_ -> lines.add("  get " + one(KEYS)));
    return lines;
  }

  /** Of the keys of one hash tag, which are in one partition. */
  private List<String> batch(long lastVersion) {
    List<String> keys = random.nextBoolean() ? KEYS.subList(0, 3) : KEYS.subList(3, 6);
    List<String> lines = new ArrayList<>(List.of("batch"));
    IntStream.range(0, 1 + random.nextInt(6))
        .forEach(_ -> lines.add("  " + single(one(keys), lastVersion, true)));
    return lines;
  }

  private String scan(long lastVersion) {
    String bounds =
        maybe("prefix " + one(BOUNDS)) + maybe("from " + one(BOUNDS)) + maybe("to " + one(BOUNDS));
    String count =
        switch (random.nextInt(3)) {
          case 0 -> " limit " + (1 + random.nextInt(4));
          case 1 -> " pages-of " + (1 + random.nextInt(4));
          default -> "";
        };
    return "scan" + bounds + maybe("reverse") + count + maybe("keys-only") + asOf(lastVersion);
  }
}
