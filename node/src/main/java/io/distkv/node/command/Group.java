package io.distkv.node.command;

import java.util.Locale;

/** The chapters into which the documentation sorts commands. */
public enum Group {
  STRING,
  BITMAP,
  /** Ours alone: what tells and asks for versions. */
  VERSIONED,
  GENERIC,
  TRANSACTIONS,
  CONNECTION,
  SERVER;

  /** The group as COMMAND DOCS prints it. */
  String redisName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
