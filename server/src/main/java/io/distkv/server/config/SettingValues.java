package io.distkv.server.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A value for every setting of a table. Immutable. */
public final class SettingValues {
  private final Map<Setting<?>, Object> values;
  private final Set<Setting<?>> named;

  private SettingValues(Map<Setting<?>, Object> values, Set<Setting<?>> named) {
    this.values = values;
    this.named = named;
  }

  static SettingValues defaults(SettingTable table) {
    Map<Setting<?>, Object> values = new HashMap<>();
    for (Setting<?> setting : table.settings()) {
      values.put(setting, setting.defaultValue());
    }
    return new SettingValues(values, Set.of());
  }

  /** The value of a setting of this table. */
  // Only with() and defaults() put values in, each under a setting of the value's own type.
  @SuppressWarnings("unchecked")
  public <T> T get(Setting<T> setting) {
    Object value = values.get(setting);
    if (value == null) {
      throw new IllegalArgumentException(setting.name() + " is not in this table");
    }
    return (T) value;
  }

  /** Whether somebody gave the value, and it is not merely the default. */
  public boolean isNamed(Setting<?> setting) {
    return named.contains(setting);
  }

  /** The value as text that would be read back as the same value. */
  public <T> String text(Setting<T> setting) {
    return setting.type().printer().apply(get(setting));
  }

  <T> SettingValues with(Setting<T> setting, T value) {
    Map<Setting<?>, Object> changed = new HashMap<>(values);
    changed.put(setting, value);
    Set<Setting<?>> given = new HashSet<>(named);
    given.add(setting);
    return new SettingValues(changed, given);
  }
}
