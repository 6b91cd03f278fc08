package io.distkv.simulation.cluster;

import io.distkv.base.DiskFullException;
import io.distkv.storage.CorruptionException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with the disks of a run, or was: what a node that gives up, or reports a defect,
 * may say. Rot goes from one machine to another with a snapshot, and is found there.
 */
final class DiskTroubles {
  private boolean full;
  private boolean rot;

  /** A disk fills up. */
  void full() {
    full = true;
  }

  /** A disk rots. */
  void rot() {
    rot = true;
  }

  /** Whether a node may have met any. */
  boolean any() {
    return full || rot;
  }

  /** Whether one of them explains a failure. */
  boolean excuse(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      boolean known =
          switch (cause) {
            case DiskFullException _ -> full;
            case CorruptionException _ -> rot || isSimulated(cause);
            case IOException _ -> isSimulated(cause) || (full && says(cause, "disk is full"));
            default -> false;
          };
      if (known) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSimulated(Throwable cause) {
    return says(cause, "simulated failure of ");
  }

  private static boolean says(Throwable cause, String words) {
    String message = cause.getMessage();
    return message != null && message.contains(words);
  }
}
