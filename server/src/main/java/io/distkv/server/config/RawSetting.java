package io.distkv.server.config;

/**
 * A value that somebody gave, not looked at yet.
 *
 * @param name the setting's path, such as {@code resp.port} or {@code keyspaces.orders.partitions}
 * @param where the place it was given, such as {@code distkv.yaml:12}, for messages
 */
record RawSetting(String name, String text, String where) {

  /** How a message about it begins: {@code distkv.yaml:12: resp.port}, {@code --set resp.port}. */
  String place() {
    return where + (where.startsWith("--") ? " " : ": ") + name;
  }
}
