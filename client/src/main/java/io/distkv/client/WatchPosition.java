package io.distkv.client;

import com.google.protobuf.ByteString;
import io.distkv.api.v1.Change;
import io.distkv.api.v1.WatchRequest;
import io.distkv.api.v1.WatchResponse;

/**
 * Where a watch is. A message may end among the changes of one version: then everything is told
 * only up to the version before, and a new call tells some changes again. They come in the order of
 * versions and, within one, of keys, so that those up to the last one that was given are known.
 */
final class WatchPosition implements Position<WatchRequest, WatchResponse> {
  private final WatchRequest.Builder request;
  private boolean repeats;
  private long lastVersion;
  private ByteString lastKey = ByteString.EMPTY;

  WatchPosition(WatchRequest first) {
    request = first.toBuilder();
  }

  @Override
  public WatchRequest request() {
    repeats = lastVersion > request.getAfterVersion();
    return request.build();
  }

  @Override
  public void passed(WatchResponse message) {
    request.setAfterVersion(message.getThroughVersion());
  }

  /** Whether a change has not been given yet; if so, it counts as given from now on. */
  boolean give(Change change) {
    if (repeats) {
      int versions = Long.compare(change.getVersion(), lastVersion);
      if (versions < 0
          || (versions == 0
              && ByteString.unsignedLexicographicalComparator().compare(change.getKey(), lastKey)
                  <= 0)) {
        return false;
      }
      repeats = false;
    }
    lastVersion = change.getVersion();
    lastKey = change.getKey();
    return true;
  }

  /** All that came before has been told: a new call may begin behind it. */
  @Override
  public void toldThrough(long version) {
    if (version > request.getAfterVersion()) {
      request.setAfterVersion(version);
    }
  }

  @Override
  public boolean isLast() {
    return false;
  }
}
