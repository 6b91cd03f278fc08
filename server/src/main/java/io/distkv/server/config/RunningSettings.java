package io.distkv.server.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a running node: what CONFIG GET shows and CONFIG SET changes. Each is known by
 * its own name and, where it has one, by its name in Redis; a few names that Redis clients ask for
 * but that DistKV has no setting for have a fixed answer. Safe to use from any thread.
 */
public final class RunningSettings {
  private final Map<Setting<?>, List<Runnable>> listeners = new HashMap<>();
  private final Map<String, String> fixed;
  private volatile SettingValues values;

  /**
   * @param fixed what CONFIG GET answers for names that are no settings
   */
  public RunningSettings(SettingValues values, Map<String, String> fixed) {
    this.values = values;
    this.fixed = Map.copyOf(fixed);
  }

  /** The value that a setting has now. */
  public <T> T get(Setting<T> setting) {
    return values.get(setting);
  }

  /**
   * Tells a listener the value now, and again whenever it is changed. Only before the node serves
   * clients.
   */
  public <T> void follow(Setting<T> setting, Consumer<T> listener) {
    Runnable tell = () -> listener.accept(get(setting));
    listeners.computeIfAbsent(setting, key -> new ArrayList<>()).add(tell);
    tell.run();
  }

  /** Every name in lower case, sorted, with its value. */
  public Map<String, String> all() {
    SettingValues now = values;
    Map<String, String> all = new TreeMap<>(fixed);
    for (Setting<?> setting : ServerSettings.TABLE.settings()) {
      addTo(all, setting, now);
    }
    return all;
  }

  private static <T> void addTo(Map<String, String> all, Setting<T> setting, SettingValues now) {
    all.put(setting.name().toLowerCase(Locale.ROOT), now.text(setting));
    setting
        .redis()
        .ifPresent(redis -> all.put(redis.name(), redis.toRedis().apply(now.get(setting))));
  }

  /**
   * Changes settings: all of them or none.
   *
   * @param changes new values by name, either name, in any case
   * @return null if all were changed, else what was wrong with which, in Redis's words
   */
  public synchronized @Nullable String change(Map<String, String> changes) {
    SettingValues changed = values;
    List<Setting<?>> touched = new ArrayList<>();
    for (Map.Entry<String, String> change : new LinkedHashMap<>(changes).entrySet()) {
      Named named = find(change.getKey());
      if (named == null && !fixed.containsKey(change.getKey().toLowerCase(Locale.ROOT))) {
        return "Unknown option or number of arguments for CONFIG SET - '" + change.getKey() + "'";
      }
      if (named == null || !named.setting.changeable()) {
        return failed(change.getKey(), "can't set immutable config");
      }
      SettingValues next = with(changed, named, change.getValue());
      if (next == null) {
        return failed(change.getKey(), "argument must be " + named.setting.type().allowed());
      }
      changed = next;
      touched.add(named.setting);
    }
    values = changed;
    for (Setting<?> setting : touched) {
      listeners.getOrDefault(setting, List.of()).forEach(Runnable::run);
    }
    return null;
  }

  private static String failed(String name, String why) {
    return "CONFIG SET failed (possibly related to argument '" + name + "') - " + why;
  }

  /** A setting, and whether it was called by its name in Redis. */
  private record Named(Setting<?> setting, boolean byRedisName) {}

  private static @Nullable Named find(String name) {
    for (Setting<?> setting : ServerSettings.TABLE.settings()) {
      if (setting.name().equalsIgnoreCase(name)) {
        return new Named(setting, false);
      }
      if (setting.redis().isPresent() && setting.redis().get().name().equalsIgnoreCase(name)) {
        return new Named(setting, true);
      }
    }
    return null;
  }

  private static @Nullable SettingValues with(SettingValues values, Named named, String text) {
    return named.byRedisName
        ? withRedis(values, named.setting, text)
        : withOwn(values, named.setting, text);
  }

  private static <T> @Nullable SettingValues withRedis(
      SettingValues values, Setting<T> setting, String text) {
    String own = setting.redis().map(redis -> redis.fromRedis().apply(text)).orElse(text);
    return withOwn(values, setting, own);
  }

  private static <T> @Nullable SettingValues withOwn(
      SettingValues values, Setting<T> setting, String text) {
    T value = setting.parse(text);
    return value == null ? null : values.with(setting, value);
  }
}
