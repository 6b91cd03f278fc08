package io.distkv.node;

import io.distkv.node.command.NodeControl;
import io.distkv.node.command.SlowLog;
import io.distkv.node.session.CommandObserver;
import io.distkv.storage.cache.BlockCache;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the process around a node answers for it: settings, what INFO tells of the process, and who
 * counts its commands. One that says nothing of its own has no settings and counts nothing. Called
 * on any lane; must not block.
 */
public interface NodeHost {

  /** Every setting that CONFIG GET shows, sorted by name. */
  default List<NodeControl.Setting> settings() {
    return List.of();
  }

  /**
   * Changes settings while the node runs: all of them or none.
   *
   * @return null if all were changed, else what was wrong, naming the setting, in Redis's words
   */
  default @Nullable String set(List<NodeControl.Setting> changes) {
    return "this node has no settings that can be changed";
  }

  /** The lines of INFO's {@code server} section that only the process knows: version, ports. */
  default List<NodeControl.Field> serverFields() {
    return List.of();
  }

  /** Who counts and times the commands of a lane; asked for once per lane. */
  default CommandObserver commandObserver(int lane) {
    return (_, _, _) -> false;
  }

  /** The last commands that took long; its observers are told of them. */
  default SlowLog slowLog() {
    return SlowLog.NONE;
  }

  /**
   * The node's cache of blocks.
   *
   * @param capacityBytes of memory; 0 for no cache
   */
  default BlockCache blockCache(long capacityBytes) {
    return new BlockCache(capacityBytes);
  }

  /** The lines of INFO's {@code memory} section. */
  default List<NodeControl.Field> memoryFields() {
    return List.of();
  }
}
