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
  private final Random random;
  private final RandomWords any;
  private final int kinds;

  private RandomCommands(long seed, boolean ours) {
    random = new Random(seed);
    any = new RandomWords(random);
    kinds = ours ? 9 : 8;
  }

  /** Of all commands. */
  static RandomCommands of(long seed) {
    return new RandomCommands(seed, true);
  }

  /** Of those that Redis has, too. */
  static RandomCommands ofRedis(long seed) {
    return new RandomCommands(seed, false);
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
      case 1 -> words.add(any.junk());
      case 2 -> words.add(1 + random.nextInt(words.size()), any.junk());
      case 3 -> words.add(words.get(random.nextInt(words.size())));
      default -> {
        if (words.size() > 1) {
          words.set(1 + random.nextInt(words.size() - 1), any.junk());
        }
      }
    }
  }

  private String randomCase(String word) {
    return random.nextInt(4) == 0 ? word.toUpperCase(Locale.ROOT) : word;
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
      all.add(any.key());
    }
    return all;
  }

  private List<String> pairs(String name) {
    List<String> all = new ArrayList<>(List.of(name));
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      all.add(any.key());
      all.add(any.value());
    }
    return all;
  }

  /** Some of these options in some order, an option that holds words being split at blanks. */
  private List<String> options(List<String> words, int most, List<String> choices) {
    List<String> all = new ArrayList<>(words);
    int count = random.nextInt(most + 1);
    for (int i = 0; i < count; i++) {
      for (String word : any.pick(choices).split(" ", -1)) {
        all.add(randomCase(word.toLowerCase(Locale.ROOT)));
      }
    }
    return all;
  }

  private List<String> valid() {
    return switch (random.nextInt(kinds)) {
      case 0, 1 -> whole();
      case 2 -> numbers();
      case 3 -> parts();
      case 4 -> bits();
      case 5 -> keys();
      case 6 -> expiries();
      case 8 -> versioned();
      default -> random.nextInt(3) == 0 ? looks() : List.of("set", any.key(), any.value());
    };
  }

  private List<String> setOptions() {
    return List.of(
        "NX",
        "XX",
        "GET",
        "KEEPTTL",
        "EX " + any.seconds(),
        "PX " + any.millis(),
        "EXAT " + any.unixSeconds(),
        "PXAT " + any.unixMillis(),
        "EX",
        "PERSIST",
        "FOO");
  }

  private List<String> whole() {
    return switch (random.nextInt(13)) {
      case 0 -> List.of("get", any.key());
      case 1, 2, 3 -> options(List.of("set", any.key(), any.value()), 3, setOptions());
      case 4 -> List.of("setnx", any.key(), any.value());
      case 5 -> List.of("setex", any.key(), any.seconds(), any.value());
      case 6 -> List.of("psetex", any.key(), any.millis(), any.value());
      case 7 -> List.of("getset", any.key(), any.value());
      case 8 -> List.of("getdel", any.key());
      case 9 -> options(List.of("getex", any.key()), 2, setOptions());
      case 10 -> keysAfter("mget");
      case 11 -> pairs("mset");
      default -> pairs("msetnx");
    };
  }

  private List<String> versioned() {
    return switch (random.nextInt(9)) {
      case 0 -> List.of("kv.get", any.key());
      case 1 -> keysAfter("kv.mget");
      case 2, 3 -> options(List.of("kv.put", any.key(), any.value()), 3, writeOptions());
      case 4 -> options(List.of("kv.delete", any.key()), 2, writeOptions());
      case 5 ->
          options(
              List.of("kv.incr", random.nextInt(3) == 0 ? any.key() : "number", any.integer()),
              2,
              List.of("INITIAL " + any.integer(), "TTL " + any.millis(), "FOO"));
      case 6 ->
          options(
              List.of("kv.scan"),
              4,
              List.of(
                  "FROM " + any.key(),
                  "TO " + any.key(),
                  "PREFIX " + any.key(),
                  "REVERSE",
                  "KEYSONLY",
                  "LIMIT 2",
                  "BYTES 5"));
      default -> batch();
    };
  }

  private List<String> writeOptions() {
    return List.of(
        "IFABSENT",
        "IFPRESENT",
        "IFVERSION 111411200000000",
        "TTL " + any.millis(),
        "EXPIREAT " + any.unixMillis(),
        "KEEPTTL",
        "PREVIOUS",
        "FOO");
  }

  private List<String> batch() {
    List<String> all = new ArrayList<>(List.of("kv.batch"));
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      String condition = any.pick(List.of("-", "-", "ABSENT", "PRESENT", "111411200000000"));
      switch (random.nextInt(4)) {
        case 0 -> all.addAll(List.of("GET", any.key(), "", condition, "-"));
        case 1 -> all.addAll(List.of("DELETE", any.key(), "", condition, "-"));
        case 2 -> all.addAll(List.of("INCR", "number", any.integer(), "-", "-"));
        default -> {
          String life = any.pick(List.of("-", "KEEP", any.millis()));
          all.addAll(List.of("PUT", any.key(), any.value(), condition, life));
        }
      }
    }
    return all;
  }

  private List<String> numbers() {
    String number = random.nextInt(3) == 0 ? any.key() : "number";
    return switch (random.nextInt(8)) {
      case 0 -> List.of("incr", number);
      case 1 -> List.of("decr", number);
      case 2 -> List.of("incrby", number, any.integer());
      case 3 -> List.of("decrby", number, any.integer());
      case 4 -> List.of("set", "number", any.integer());
      case 5 -> List.of("set", "float", any.floating());
      default ->
          List.of("incrbyfloat", "float", random.nextInt(3) == 0 ? any.floating() : any.decimal());
    };
  }

  private List<String> parts() {
    return switch (random.nextInt(8)) {
      case 0 -> List.of("append", any.key(), any.value());
      case 1 -> List.of("strlen", any.key());
      case 2 -> List.of("getrange", any.key(), any.integer(), any.integer());
      case 3 -> List.of("substr", any.key(), any.integer(), any.integer());
      case 4 ->
          List.of(
              "setrange",
              any.key(),
              random.nextInt(10) == 0
                  ? any.pick(List.of("-1", "x", "-9223372036854775808"))
                  : Integer.toString(random.nextInt(40)),
              any.value());
      default ->
          options(
              List.of("lcs", any.key(), any.key()),
              4,
              List.of("LEN", "IDX", "WITHMATCHLEN", "MINMATCHLEN " + any.integer(), "MINMATCHLEN"));
    };
  }

  private List<String> bits() {
    return switch (random.nextInt(8)) {
      case 0 -> List.of("getbit", any.key(), any.integer());
      case 1 -> List.of("setbit", any.key(), Integer.toString(random.nextInt(300)), any.bit());
      case 2 -> List.of("bitcount", any.key());
      case 3 -> List.of("bitcount", any.key(), any.integer(), any.integer());
      case 4 -> List.of("bitcount", any.key(), any.integer(), any.integer(), any.unit());
      case 5 -> with(List.of("bitpos", any.key(), any.bit()), bounds());
      case 6 -> keysAfter("bitop", any.pick(List.of("and", "OR", "Xor", "not", "nand")), any.key());
      default -> List.of("bitop", "not", any.key(), any.key());
    };
  }

  private String[] bounds() {
    return switch (random.nextInt(4)) {
      case 0 -> new String[] {};
      case 1 -> new String[] {any.integer()};
      case 2 -> new String[] {any.integer(), any.integer()};
      default -> new String[] {any.integer(), any.integer(), any.unit()};
    };
  }

  private List<String> keys() {
    return switch (random.nextInt(10)) {
      case 0 -> keysAfter("del");
      case 1 -> List.of("unlink", any.key());
      case 2 -> keysAfter("exists");
      case 3 -> keysAfter("touch");
      case 4 -> List.of("rename", any.key(), any.key());
      case 5 -> List.of("renamenx", any.key(), any.key());
      case 6 -> List.of("type", any.key());
      case 7 ->
          List.of("object", any.pick(List.of("freq", "idletime", "help", "nothing")), any.key());
      default ->
          options(
              List.of("copy", any.key(), any.key()),
              2,
              List.of("REPLACE", "DB 0", "DB x", "DB -1", "DB 99999999999", "DB"));
    };
  }

  private List<String> expiries() {
    List<String> conditions = List.of("NX", "XX", "GT", "LT", "XX GT", "FOO");
    return switch (random.nextInt(10)) {
      case 0 -> options(List.of("expire", any.key(), any.seconds()), 2, conditions);
      case 1 -> options(List.of("pexpire", any.key(), any.millis()), 2, conditions);
      case 2, 3 -> options(List.of("expireat", any.key(), any.unixSeconds()), 2, conditions);
      case 4, 5 -> options(List.of("pexpireat", any.key(), any.unixMillis()), 2, conditions);
      case 6 -> List.of("persist", any.key());
      case 7 -> List.of(any.pick(List.of("ttl", "pttl")), any.key());
      default -> List.of(any.pick(List.of("expiretime", "pexpiretime")), any.key());
    };
  }

  private List<String> looks() {
    String pattern =
        any.pick(List.of("*", "k*", "[a-b]", "?", "*[^a]*", "\\*", "{t}?", "[", "key"));
    return switch (random.nextInt(5)) {
      case 0 -> List.of("keys", pattern);
      case 1 -> List.of("randomkey");
      case 2 -> List.of("flushdb", any.pick(List.of("sync", "ASYNC", "now")));
      case 3 -> List.of("object");
      default ->
          options(
              List.of("scan", any.pick(List.of("0", "0", "x", "-", "99999999999999999999", " 0"))),
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
