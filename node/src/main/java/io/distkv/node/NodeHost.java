package io.distkv.node;

import io.distkv.node.command.NodeControl;
import io.distkv.node.session.CommandObserver;
import io.distkv.storage.cache.BlockCache;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the process around a node answers for it: settings, what INFO tells of the process, and who
 * counts its commands. Called on any lane; must not block.
 */
public interface NodeHost {

  /** Every setting that CONFIG GET shows, sorted by name. */
  List<NodeControl.Setting> settings();

  /**
   * Changes settings while the node runs: all of them or none.
   *
   * @return null if all were changed, else what was wrong, naming the setting, in Redis's words
   */
  @Nullable String set(List<NodeControl.Setting> changes);

  /** The lines of INFO's {@code server} section that only the process knows: version, ports. */
  List<NodeControl.Field> serverFields();

  /** Who counts and times the commands of a lane; asked for once per lane. */
  CommandObserver commandObserver(int lane);

  /**
   * The node's cache of blocks.
   *
   * @param capacityBytes of memory; 0 for no cache
   */
  default BlockCache blockCache(long capacityBytes) {
    return new BlockCache(capacityBytes);
  }

  /** The lines of INFO's {@code memory} section. */
  List<NodeControl.Field> memoryFields();
}
