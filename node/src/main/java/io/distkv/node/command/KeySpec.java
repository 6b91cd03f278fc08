package io.distkv.node.command;

import java.util.List;

/**
 * What a command does with one run of its keys, as COMMAND INFO tells clients.
 *
 * @param flags such as {@code RW} and {@code update}
 * @param index word at which the run begins
 * @param last last key of the run relative to its first, or from the end where negative
 * @param step distance between keys
 * @param notes an explanation, or empty
 */
record KeySpec(List<String> flags, int index, int last, int step, String notes) {

  /** A run with its flags in one text, separated by blanks. */
  static KeySpec of(String flags, int index, int last, int step) {
    return new KeySpec(List.of(flags.split(" ")), index, last, step, "");
  }

  /** A run of one key. */
  static KeySpec one(String flags, int index) {
    return of(flags, index, 0, 1);
  }

  KeySpec because(String why) {
    return new KeySpec(flags, index, last, step, why);
  }
}
