package io.distkv.server.resp;

/** What a client may take of the node; may change while the node runs, on any thread. */
public final class ClientLimits {
  private volatile int maxClients = Integer.MAX_VALUE;
  private volatile long idleNanos;
  private volatile long outputBytes = Long.MAX_VALUE;

  /** How many clients may be connected. */
  public void setMaxClients(int count) {
    maxClients = count;
  }

  /** After how long without a request a client is closed; 0 for never. */
  public void setIdleNanos(long nanos) {
    idleNanos = nanos;
  }

  /** How many bytes of replies may wait for a client to read them. */
  public void setOutputBytes(long bytes) {
    outputBytes = bytes;
  }

  int maxClients() {
    return maxClients;
  }

  long idleNanos() {
    return idleNanos;
  }

  long outputBytes() {
    return outputBytes;
  }
}
