package io.distkv.platform;

import java.io.IOException;
import java.nio.file.Path;

/** Another node has the data folder open. The message begins a sentence for an operator. */
public final class DataFolderInUseException extends IOException {
  private static final long serialVersionUID = 1L;

  DataFolderInUseException(Path folder, String holder) {
    super(
        "data folder "
            + folder
            + " is in use by "
            + (holder.isEmpty() ? "another process" : "process " + holder));
  }
}
