package io.distkv.node.command;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What server commands may see and do of the node. Called on a session's lane; every {@code done}
 * is called there too, now or later.
 */
public interface NodeControl {

  /** One section of INFO, such as {@code server}, with its fields in order. */
  record InfoSection(String name, List<Field> fields) {}

  /** One line of INFO. */
  record Field(String name, String value) {}

  /** One setting under its Redis or own name, in lower case. */
  record Setting(String name, String value) {}

  /** Microseconds since 1970. */
  long wallMicros();

  /** All sections that INFO can show, in order, named in lower case. */
  void info(Consumer<List<InfoSection>> done);

  /** Every setting, sorted by name. */
  List<Setting> settings();

  /**
   * Changes settings while the node runs: all of them or none.
   *
   * @return null if all were changed, else what was wrong, naming the setting, in Redis's words
   */
  @Nullable String set(List<Setting> changes);

  /** Puts the counters of INFO back to zero. */
  void resetStatistics();

  /** The last commands that took long. */
  SlowLog slowLog();

  /** The node's keyspaces. */
  KeyspaceControl keyspaces();

  /** Every connection, sorted by id. */
  void clients(Consumer<List<ClientInfo>> done);

  /**
   * Closes connections.
   *
   * @param done told how many it were
   */
  void kill(Predicate<ClientInfo> which, Consumer<Integer> done);
}
