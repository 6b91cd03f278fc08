package io.distkv.storage.tree;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Is told on the lane that something a tree was asked for has ended. */
public interface TreeCallback {

  /**
   * Called once.
   *
   * @param failure why it could not be done; null if it was
   */
  void done(@Nullable IOException failure);
}
