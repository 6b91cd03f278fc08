package io.distkv.client;

import io.distkv.api.v1.ScanRequest;
import io.distkv.api.v1.ScanResponse;

/** Where a scan is: the token of the last message, and how many keys are still wanted. */
final class ScanPosition implements Position<ScanRequest, ScanResponse> {
  private final ScanRequest.Builder request;
  private final boolean limited;
  private boolean last;

  ScanPosition(ScanRequest all) {
    request = all.toBuilder();
    limited = all.getLimit() != 0;
  }

  @Override
  public ScanRequest request() {
    return request.build();
  }

  @Override
  public void passed(ScanResponse message) {
    request.setResumeToken(message.getResumeToken());
    long left = request.getLimit() - message.getEntriesCount();
    if (limited) {
      request.setLimit(left);
    }
    // Then the end of the call tells nothing new, and if it breaks, nothing is missing.
    last = message.getResumeToken().isEmpty() || (limited && left <= 0);
  }

  @Override
  public boolean isLast() {
    return last;
  }
}
