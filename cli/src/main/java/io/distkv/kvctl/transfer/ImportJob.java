package io.distkv.kvctl.transfer;

import io.distkv.kvctl.wire.Target;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an import is asked to do.
 *
 * @param input the file, or null for standard input
 * @param target where to
 * @param format how to read it
 * @param ifAbsent whether to leave keys alone that are there
 * @param maxBad how many bad pieces to put up with
 * @param badFile where to copy bad pieces, or null
 * @param checkpoint where to keep how far it has come, or null for nowhere
 * @param restart whether to begin at the beginning whatever the checkpoint says
 * @param retryFor how long to try again after the connection broke or the node was not ready
 * @param windowRequests how many requests may be under way
 */
record ImportJob(
    @Nullable Path input,
    Target target,
    FileFormat format,
    boolean ifAbsent,
    long maxBad,
    @Nullable Path badFile,
    @Nullable Path checkpoint,
    boolean restart,
    Duration retryFor,
    int windowRequests) {
  /** How users call the input. */
  String inputName() {
    return input == null ? "standard input" : input.toString();
  }
}
