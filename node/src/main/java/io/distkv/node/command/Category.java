package io.distkv.node.command;

import java.util.Locale;

/** Classes of commands to which access is granted, in the order in which Redis lists them. */
public enum Category {
  KEYSPACE,
  READ,
  WRITE,
  STRING,
  BITMAP,
  ADMIN,
  FAST,
  SLOW,
  DANGEROUS,
  CONNECTION,
  TRANSACTION;

  /** The category as COMMAND INFO prints it. */
  String redisName() {
    return "@" + name().toLowerCase(Locale.ROOT);
  }
}
