package io.distkv.server.config;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be set: everything that the file's reader, the checks, the environment, {@code
 * --set}, CONFIG GET and SET and the documentation know about it.
 *
 * @param <T> what its value is in the program
 * @param name its path in the file, with dots
 * @param defaultText the value it has when nobody sets it
 * @param meaning one or two sentences for the documentation
 * @param changeable whether CONFIG SET may change it while the node runs
 * @param redis its other name, for clients that know Redis
 */
public record Setting<T>(
    String name,
    ValueType<T> type,
    String defaultText,
    String meaning,
    boolean changeable,
    Optional<RedisName<T>> redis) {

  /**
   * The name a setting has in Redis, and how its value is written there.
   *
   * @param toRedis writes a value in Redis's way
   * @param fromRedis turns a value in Redis's way into the text that the setting's own type reads
   */
  public record RedisName<T>(
      String name, Function<T, String> toRedis, Function<String, String> fromRedis) {}

  static <T> Setting<T> of(String name, ValueType<T> type, String defaultText, String meaning) {
    return new Setting<>(name, type, defaultText, meaning, false, Optional.empty());
  }

  Setting<T> changeableAtRunTime() {
    return new Setting<>(name, type, defaultText, meaning, true, redis);
  }

  /** The same value has this name in Redis, written the same way. */
  Setting<T> asRedis(String redisName) {
    return asRedis(redisName, type.printer(), Function.identity());
  }

  Setting<T> asRedis(
      String redisName, Function<T, String> toRedis, Function<String, String> fromRedis) {
    return new Setting<>(
        name,
        type,
        defaultText,
        meaning,
        changeable,
        Optional.of(new RedisName<>(redisName, toRedis, fromRedis)));
  }

  /** The environment variable: {@code memory.blockCache} is {@code DISTKV_MEMORY_BLOCK_CACHE}. */
  public String environmentName() {
    StringBuilder variable = new StringBuilder("DISTKV_");
    for (int i = 0; i < name.length(); i++) {
      char next = name.charAt(i);
      if (Character.isUpperCase(next)) {
        variable.append('_');
      }
      variable.append(next == '.' ? '_' : next);
    }
    return variable.toString().toUpperCase(Locale.ROOT);
  }

  /** The value a text stands for; null if it is not allowed. */
  @Nullable T parse(String text) {
    return type.parser().apply(text.strip());
  }

  T defaultValue() {
    T value = parse(defaultText);
    if (value == null) {
      throw new IllegalStateException(name + " may not have its default " + defaultText);
    }
    return value;
  }
}
