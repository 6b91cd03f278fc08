package io.distkv.server.config;

import java.util.HashMap;
import java.util.Map;

/** A value for every setting of a table. Immutable. */
public final class SettingValues {
  private final Map<Setting<?>, Object> values;

  private SettingValues(Map<Setting<?>, Object> values) {
    this.values = values;
  }

  static SettingValues defaults(SettingTable table) {
    Map<Setting<?>, Object> values = new HashMap<>();
    for (Setting<?> setting : table.settings()) {
      values.put(setting, setting.defaultValue());
    }
    return new SettingValues(values);
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

  /** The value as text that would be read back as the same value. */
  public <T> String text(Setting<T> setting) {
    return setting.type().printer().apply(get(setting));
  }

  <T> SettingValues with(Setting<T> setting, T value) {
    Map<Setting<?>, Object> changed = new HashMap<>(values);
    changed.put(setting, value);
    return new SettingValues(changed);
  }
}
