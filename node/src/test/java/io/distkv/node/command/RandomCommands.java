package io.distkv.node.command;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Makes data commands from a seed: mostly right ones over few keys and values, and some with words
 * changed, missing or added. Words are ISO 8859-1 text.
 */
final class RandomCommands {
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

  RandomCommands(long seed) {
    random = new Random(seed);
  }

  /** The next command, its name first. */
  List<byte[]> next() {
    List<String> words = new ArrayList<>(valid());
    words.set(0, randomCase(words.getFirst()));
    if (random.nextInt(7) == 0) {
      damage(words);
    }
    return words.stream().map(word -> word.getBytes(StandardCharsets.ISO_8859_1)).toList();
  }

  private void damage(List<String> words) {
    switch (random.nextInt(5)) {
      case 0 -> {
        if (words.size() > 1) {
          words.removeLast();
        }
      }
      case 1 -> words.add(pick(JUNK));
      case 2 -> words.add(1 + random.nextInt(words.size()), pick(JUNK));
      case 3 -> words.add(words.get(random.nextInt(words.size())));
      default -> {
        if (words.size() > 1) {
          words.set(1 + random.nextInt(words.size() - 1), pick(JUNK));
        }
      }
    }
  }

  private String randomCase(String word) {
    return random.nextInt(4) == 0 ? word.toUpperCase(Locale.ROOT) : word;
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private String key() {
    return pick(KEYS);
  }

  private String integer() {
    return switch (random.nextInt(8)) {
      case 0 -> pick(INTEGERS);
      case 1 -> random.nextInt(30) == 0 ? pick(JUNK) : "5";
      default -> Integer.toString(random.nextInt(41) - 20);
    };
  }

  private String value() {
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
  private String seconds() {
    return random.nextInt(12) == 0
        ? pick(List.of("0", "-1", "abc", "9223372036854775807", "9223372036854775", "-5000", ""))
        : Long.toString(10_000 + random.nextLong(1_000_000_000L));
  }

  private String millis() {
    return random.nextInt(12) == 0
        ? pick(List.of("0", "-1", "abc", "9223372036854775807", "-9223372036854775808", "1.5"))
        : Long.toString(10_000_000 + random.nextLong(1_000_000_000_000L));
  }

  private String unixSeconds() {
    return random.nextInt(8) == 0
        ? pick(List.of("0", "-1", "1", "x", "9223372036854775807", "9223372036854775"))
        : Long.toString(10_000_000_000L + random.nextInt(50) * 1_000L);
  }

  private String unixMillis() {
    return random.nextInt(8) == 0
        ? pick(List.of("0", "-1", "1", "x", "9223372036854775807", "1000"))
        : Long.toString(10_000_000_000_000L + random.nextInt(50) * 1_001L);
  }

  private List<String> with(List<String> words, String... more) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of(more));
    return all;
  }

  private List<String> keysAfter(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      all.add(key());
    }
    return all;
  }

  private List<String> pairs(String name) {
    List<String> all = new ArrayList<>(List.of(name));
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      all.add(key());
      all.add(value());
    }
    return all;
  }

  /** Some of these options in some order, an option that holds words being split at blanks. */
  private List<String> options(List<String> words, int most, List<String> choices) {
    List<String> all = new ArrayList<>(words);
    int count = random.nextInt(most + 1);
    for (int i = 0; i < count; i++) {
      for (String word : pick(choices).split(" ", -1)) {
        all.add(randomCase(word.toLowerCase(Locale.ROOT)));
      }
    }
    return all;
  }

  private List<String> valid() {
    return switch (random.nextInt(8)) {
      case 0, 1 -> whole();
      case 2 -> numbers();
      case 3 -> parts();
      case 4 -> bits();
      case 5 -> keys();
      case 6 -> expiries();
      default -> random.nextInt(3) == 0 ? looks() : List.of("set", key(), value());
    };
  }

  private List<String> setOptions() {
    return List.of(
        "NX",
        "XX",
        "GET",
        "KEEPTTL",
        "EX " + seconds(),
        "PX " + millis(),
        "EXAT " + unixSeconds(),
        "PXAT " + unixMillis(),
        "EX",
        "PERSIST",
        "FOO");
  }

  private List<String> whole() {
    return switch (random.nextInt(13)) {
      case 0 -> List.of("get", key());
      case 1, 2, 3 -> options(List.of("set", key(), value()), 3, setOptions());
      case 4 -> List.of("setnx", key(), value());
      case 5 -> List.of("setex", key(), seconds(), value());
      case 6 -> List.of("psetex", key(), millis(), value());
      case 7 -> List.of("getset", key(), value());
      case 8 -> List.of("getdel", key());
      case 9 -> options(List.of("getex", key()), 2, setOptions());
      case 10 -> keysAfter("mget");
      case 11 -> pairs("mset");
      default -> pairs("msetnx");
    };
  }

  private List<String> numbers() {
    String number = random.nextInt(3) == 0 ? key() : "number";
    return switch (random.nextInt(8)) {
      case 0 -> List.of("incr", number);
      case 1 -> List.of("decr", number);
      case 2 -> List.of("incrby", number, integer());
      case 3 -> List.of("decrby", number, integer());
      case 4 -> List.of("set", "number", integer());
      case 5 -> List.of("set", "float", pick(FLOATS));
      default -> List.of("incrbyfloat", "float", random.nextInt(3) == 0 ? pick(FLOATS) : decimal());
    };
  }

  private String decimal() {
    return (random.nextInt(2001) - 1000) / 100.0 + "";
  }

  private List<String> parts() {
    return switch (random.nextInt(8)) {
      case 0 -> List.of("append", key(), value());
      case 1 -> List.of("strlen", key());
      case 2 -> List.of("getrange", key(), integer(), integer());
      case 3 -> List.of("substr", key(), integer(), integer());
      case 4 ->
          List.of(
              "setrange",
              key(),
              random.nextInt(10) == 0
                  ? pick(List.of("-1", "x", "-9223372036854775808"))
                  : Integer.toString(random.nextInt(40)),
              value());
      default ->
          options(
              List.of("lcs", key(), key()),
              4,
              List.of("LEN", "IDX", "WITHMATCHLEN", "MINMATCHLEN " + integer(), "MINMATCHLEN"));
    };
  }

  private List<String> bits() {
    return switch (random.nextInt(8)) {
      case 0 -> List.of("getbit", key(), integer());
      case 1 -> List.of("setbit", key(), Integer.toString(random.nextInt(300)), bit());
      case 2 -> List.of("bitcount", key());
      case 3 -> List.of("bitcount", key(), integer(), integer());
      case 4 -> List.of("bitcount", key(), integer(), integer(), unit());
      case 5 -> with(List.of("bitpos", key(), bit()), bounds());
      case 6 -> keysAfter("bitop", pick(List.of("and", "OR", "Xor", "not", "nand")), key());
      default -> List.of("bitop", "not", key(), key());
    };
  }

  private String[] bounds() {
    return switch (random.nextInt(4)) {
      case 0 -> new String[] {};
      case 1 -> new String[] {integer()};
      case 2 -> new String[] {integer(), integer()};
      default -> new String[] {integer(), integer(), unit()};
    };
  }

  private String unit() {
    return pick(List.of("BIT", "bit", "BYTE", "byte", "bits"));
  }

  private String bit() {
    return pick(List.of("0", "1", "1", "0", "2", "-1", "x"));
  }

  private List<String> keys() {
    return switch (random.nextInt(10)) {
      case 0 -> keysAfter("del");
      case 1 -> List.of("unlink", key());
      case 2 -> keysAfter("exists");
      case 3 -> keysAfter("touch");
      case 4 -> List.of("rename", key(), key());
      case 5 -> List.of("renamenx", key(), key());
      case 6 -> List.of("type", key());
      case 7 -> List.of("object", pick(List.of("freq", "idletime", "help", "nothing")), key());
      default ->
          options(
              List.of("copy", key(), key()),
              2,
              List.of("REPLACE", "DB 0", "DB x", "DB -1", "DB 99999999999", "DB"));
    };
  }

  private List<String> expiries() {
    List<String> conditions = List.of("NX", "XX", "GT", "LT", "XX GT", "FOO");
    return switch (random.nextInt(10)) {
      case 0 -> options(List.of("expire", key(), seconds()), 2, conditions);
      case 1 -> options(List.of("pexpire", key(), millis()), 2, conditions);
      case 2, 3 -> options(List.of("expireat", key(), unixSeconds()), 2, conditions);
      case 4, 5 -> options(List.of("pexpireat", key(), unixMillis()), 2, conditions);
      case 6 -> List.of("persist", key());
      case 7 -> List.of(pick(List.of("ttl", "pttl")), key());
      default -> List.of(pick(List.of("expiretime", "pexpiretime")), key());
    };
  }

  private List<String> looks() {
    String pattern = pick(List.of("*", "k*", "[a-b]", "?", "*[^a]*", "\\*", "{t}?", "[", "key"));
    return switch (random.nextInt(5)) {
      case 0 -> List.of("keys", pattern);
      case 1 -> List.of("randomkey");
      case 2 -> List.of("flushdb", pick(List.of("sync", "ASYNC", "now")));
      case 3 -> List.of("object");
      default ->
          options(
              List.of("scan", pick(List.of("0", "0", "x", "-", "99999999999999999999", " 0"))),
              3,
              List.of(
                  "MATCH " + pattern,
                  "COUNT 3",
                  "COUNT 0",
                  "COUNT x",
                  "TYPE string",
                  "TYPE list",
                  "COUNT",
                  "FOO"));
    };
  }
}
