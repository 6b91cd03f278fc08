package io.distkv.simulation.hunt;

import io.distkv.simulation.world.SimulatedRandomness;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Draws the commands of one client. Every value that is written is unlike every other. */
final class CommandDice {
  private static final int ONE_GROUP = 20;

  private final Owner owner;
  private final SimulatedRandomness random;
  private final int mostValueBytes;
  private long nextToken;

  /**
   * @param mostValueBytes of a value, the token at its beginning not counted
   */
  CommandDice(Owner owner, SimulatedRandomness random, int mostValueBytes) {
    this.owner = owner;
    this.random = random;
    this.mostValueBytes = mostValueBytes;
  }

  SimulatedRandomness random() {
    return random;
  }

  /** A write to one partition. */
  byte[][] write(long farMillis) {
    int group = random.below(owner.groups());
    byte[] key = owner.key(group, random);
    byte[] other = owner.key(group, random);
    return switch (random.below(ONE_GROUP + 10)) {
      case 0 -> words("SET", key, value(), "NX");
      case 1 -> words("SET", key, value(), "XX", "GET");
      case 2 -> words("SET", key, value(), "PXAT", number(farMillis));
      case 3 -> words("SET", key, value(), "KEEPTTL");
      case 4 -> several("DEL", group);
      case 5 -> several("UNLINK", group);
      case 6 -> pairs("MSET", group);
      case 7 -> pairs("MSETNX", group);
      case 8 -> words("APPEND", key, token());
      case 9 -> words("SETRANGE", key, number(random.below(300)), token());
      case 10 -> words(random.pick("INCR", "DECR"), key);
      case 11 -> words("INCRBY", key, number(random.between(-1000, 1000)));
      case 12 -> words("GETDEL", key);
      case 13 -> words("GETSET", key, value());
      case 14 -> words(random.pick("RENAME", "RENAMENX"), key, other);
      case 15 -> words("COPY", key, other, "REPLACE");
      case 16 -> words("PEXPIREAT", key, number(farMillis), random.pick("NX", "XX", "GT", "LT"));
      case 17 -> words("PERSIST", key);
      case 18 -> words("SETBIT", key, number(random.below(2000)), number(random.below(2)));
      case 19 -> words("SET", key, number(random.below(100)));
      default -> words("SET", key, value());
    };
  }

  /** Several writes to one partition. */
  List<byte[][]> transaction(long farMillis) {
    int group = random.below(owner.groups());
    List<byte[][]> commands = new ArrayList<>();
    for (int i = random.below(5); i >= 0; i--) {
      byte[] key = owner.key(group, random);
      commands.add(
          switch (random.below(8)) {
            case 0 -> words("DEL", key);
            case 1 -> words("INCR", key);
            case 2 -> words("GET", key);
            case 3 -> words("APPEND", key, token());
            case 4 -> words("PEXPIREAT", key, number(farMillis));
            case 5 -> pairs("MSET", group);
            default -> words("SET", key, value());
          });
    }
    return commands;
  }

  /** A read of any of the owner's keys, perhaps in several partitions. */
  byte[][] read() {
    byte[] key = owner.key(random);
    return switch (random.below(10)) {
      case 0 -> words("MGET", key, owner.key(random), owner.key(random), owner.key(random));
      case 1 -> words("EXISTS", key, owner.key(random), owner.key(random));
      case 2 -> words("STRLEN", key);
      case 3 -> words("GETRANGE", key, number(random.below(20)), number(random.below(200)));
      case 4 -> words("TYPE", key);
      case 5 -> words("PEXPIRETIME", key);
      case 6 -> words("BITCOUNT", key);
      default -> words("GET", key);
    };
  }

  /** A value that begins unlike every other. */
  byte[] value() {
    byte[] token = token();
    long most =
        switch (random.below(20)) {
          case 0 -> mostValueBytes;
          case 1, 2, 3, 4 -> Math.min(2000, mostValueBytes);
          default -> 30;
        };
    byte[] value = Arrays.copyOf(token, token.length + (int) random.between(0, most));
    if (random.chance(50)) {
      byte[] noise = random.bytes(value.length - token.length);
      System.arraycopy(noise, 0, value, token.length, noise.length);
    }
    return value;
  }

  private byte[] token() {
    return bytes(owner.name() + "-" + nextToken++ + ";");
  }

  private byte[][] several(String command, int group) {
    byte[][] words = new byte[2 + random.below(4)][];
    words[0] = bytes(command);
    for (int i = 1; i < words.length; i++) {
      words[i] = owner.key(group, random);
    }
    return words;
  }

  private byte[][] pairs(String command, int group) {
    byte[][] words = new byte[1 + 2 * (1 + random.below(5))][];
    words[0] = bytes(command);
    for (int i = 1; i < words.length; i += 2) {
      words[i] = owner.key(group, random);
      words[i + 1] = value();
    }
    return words;
  }

  /** Words of texts and byte arrays. */
  static byte[][] words(Object... parts) {
    byte[][] words = new byte[parts.length][];
    for (int i = 0; i < parts.length; i++) {
      words[i] = parts[i] instanceof byte[] bytes ? bytes : bytes(parts[i].toString());
    }
    return words;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String number(long number) {
    return Long.toString(number);
  }
}
