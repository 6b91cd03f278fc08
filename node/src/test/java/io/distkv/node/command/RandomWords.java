package io.distkv.node.command;

import java.util.List;
import java.util.Random;

/** Keys, values, numbers and times for random commands, mostly right ones. */
final class RandomWords {
  private static final List<String> KEYS =
      List.of("a", "b", "c", "key", "Key", "{t}1", "{t}2", "k\u0000\r\n\u00FF", "number", "float");
  private static final List<String> INTEGERS =
      List.of(
          "0",
          "1",
          "-1",
          "2",
          "3",
          "7",
          "10",
          "100",
          "-100",
          "4611686018427387904",
          "-2",
          "64",
          "9223372036854775807",
          "-9223372036854775808",
          "-9223372036854775807");
  private static final List<String> JUNK =
      List.of(
          "abc",
          "3.5",
          "9223372036854775808",
          "-9223372036854775809",
          " 1",
          "1 ",
          "+1",
          "01",
          "-0",
          "1e3",
          "nan",
          "0x10",
          "-",
          "NX",
          "xx",
          "GET",
          "EX",
          "bit",
          "BYTE",
          "\u00E9\u0000z",
          "99999999999999999999999");
  private static final List<String> FLOATS =
      List.of(
          "0.1",
          "0.2",
          "-0.3",
          "3.0e3",
          "1e-7",
          "5.0",
          ".5",
          "5.",
          "1e17",
          "123456789.123456789",
          "1e4000",
          "-1e4900",
          "1e4932",
          "1e-4950",
          "1e-5000",
          "1e5000",
          "inf",
          "-inf",
          "Infinity",
          "0x1.8p1",
          "1.7976931348623157e308",
          "3.14159265358979323846264338327950288",
          "1e",
          "0.00000000000000001",
          "0.000000000000000005",
          "18446744073709551615.5",
          "-0.0",
          "1.1.1");
  private static final List<String> TEXTS =
      List.of(
          "",
          "x",
          "foobar",
          "ohmytext",
          "mynewtext",
          "AGACT",
          "GCATGACTGA",
          "\u00FF\u00F0\u0000",
          "\u0000\u0000\u0000",
          "\u00FF\u00FF\u00FF\u00FF",
          "a fairly long value that is not small"
              + " enough to be kept beside its header, as small ones are");

  private final Random random;

  RandomWords(Random random) {
    this.random = random;
  }

  /** A word that is wrong in most places. */
  String junk() {
    return pick(JUNK);
  }

  String floating() {
    return pick(FLOATS);
  }

  <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  String key() {
    return pick(KEYS);
  }

  String integer() {
    return switch (random.nextInt(8)) {
      case 0 -> pick(INTEGERS);
      case 1 -> random.nextInt(30) == 0 ? pick(JUNK) : "5";
      default -> Integer.toString(random.nextInt(41) - 20);
    };
  }

  String value() {
    return switch (random.nextInt(6)) {
      case 0 -> integer();
      case 1 -> pick(FLOATS);
      case 2 -> pick(TEXTS);
      case 3 -> pick(INTEGERS);
      default -> {
        StringBuilder bytes = new StringBuilder();
        int length = random.nextInt(24);
        for (int i = 0; i < length; i++) {
          bytes.append(
              (char) (random.nextBoolean() ? 'a' + random.nextInt(3) : random.nextInt(256)));
        }
        yield bytes.toString();
      }
    };
  }

  /** Far enough away that nothing expires while the test runs, and hardly ever drawn twice. */
  String seconds() {
    return random.nextInt(12) == 0
        ? pick(List.of("0", "-1", "abc", "9223372036854775807", "9223372036854775", "-5000", ""))
        : Long.toString(10_000 + random.nextLong(1_000_000_000L));
  }

  String millis() {
    return random.nextInt(12) == 0
        ? pick(List.of("0", "-1", "abc", "9223372036854775807", "-9223372036854775808", "1.5"))
        : Long.toString(10_000_000 + random.nextLong(1_000_000_000_000L));
  }

  String unixSeconds() {
    return random.nextInt(8) == 0
        ? pick(List.of("0", "-1", "1", "x", "9223372036854775807", "9223372036854775"))
        : Long.toString(10_000_000_000L + random.nextInt(50) * 1_000L);
  }

  String unixMillis() {
    return random.nextInt(8) == 0
        ? pick(List.of("0", "-1", "1", "x", "9223372036854775807", "1000"))
        : Long.toString(10_000_000_000_000L + random.nextInt(50) * 1_001L);
  }

  String decimal() {
    return (random.nextInt(2001) - 1000) / 100.0 + "";
  }

  String unit() {
    return pick(List.of("BIT", "bit", "BYTE", "byte", "bits"));
  }

  String bit() {
    return pick(List.of("0", "1", "1", "0", "2", "-1", "x"));
  }
}
