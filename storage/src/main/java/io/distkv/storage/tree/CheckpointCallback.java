package io.distkv.storage.tree;

import io.distkv.storage.manifest.Applied;
import java.io.IOException;

/** Is told on the lane, in one of two ways, how a checkpoint ended. */
public interface CheckpointCallback {

  /** The checkpoint is complete and durable, and holds the log up to here. */
  void done(Applied applied);

  /** There is no checkpoint; what was made of it may still lie in its folder. */
  void failed(IOException why);
}
