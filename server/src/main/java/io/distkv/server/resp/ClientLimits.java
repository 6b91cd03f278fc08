package io.distkv.server.resp;

/** What clients may take of the node; may change while the node runs, on any thread. */
public final class ClientLimits {
  private volatile int maxClients = Integer.MAX_VALUE;
  private volatile long idleNanos;
  private volatile long outputBytes = Long.MAX_VALUE;
  private volatile int inFlight = 1024;
  private volatile long inFlightBytes = 32L * 1024 * 1024;
  private volatile long memoryBytes = Long.MAX_VALUE;

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

  /** How many requests of a client may be under way before no more are read. */
  public void setInFlight(int requests) {
    inFlight = requests;
  }

  /** How many bytes of requests of a client may be under way before no more are read. */
  public void setInFlightBytes(long bytes) {
    inFlightBytes = bytes;
  }

  /** How much memory all clients together may take: see {@link ClientMemory}. */
  public void setMemoryBytes(long bytes) {
    memoryBytes = bytes;
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

  int inFlight() {
    return inFlight;
  }

  long inFlightBytes() {
    return inFlightBytes;
  }

  long memoryBytes() {
    return memoryBytes;
  }
}
