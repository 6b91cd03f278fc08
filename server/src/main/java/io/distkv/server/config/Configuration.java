package io.distkv.server.config;

import java.util.List;

/**
 * What a node was told at its start, checked. What CONFIG SET changes later is in {@link
 * RunningSettings}.
 *
 * @param settings the node's own
 * @param keyspaces one for each keyspace, those that exist by default included, ordered by number,
 *     those without number last
 * @param warnings one line for each thing that is odd but does not keep the node from starting
 */
public record Configuration(
    SettingValues settings, List<SettingValues> keyspaces, List<String> warnings) {

  /** The value of one of the node's own settings. */
  public <T> T get(Setting<T> setting) {
    return settings.get(setting);
  }
}
