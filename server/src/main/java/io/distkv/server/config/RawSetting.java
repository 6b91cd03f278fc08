package io.distkv.server.config;

/**
 * A value that somebody gave, not looked at yet.
 *
 * @param name the setting's path, such as {@code resp.port} or {@code keyspaces.orders.partitions}
 * @param where the place it was given, such as {@code distkv.yaml:12}, for messages
 */
record RawSetting(String name, String text, String where) {}
