package io.distkv.node.replica;

/**
 * The keyspaces that a node serves, as they change while it runs. Whoever needs several of them, or
 * one of them twice, asks once and works with what it was given: a replica that has gone meanwhile
 * refuses what is asked of it.
 *
 * <p>Any thread.
 */
public final class ServedKeyspaces {
  private volatile Keyspaces now;

  public ServedKeyspaces(Keyspaces first) {
    now = first;
  }

  /** Those of now. */
  public Keyspaces now() {
    return now;
  }

  /** From here on it is these. */
  public void become(Keyspaces next) {
    now = next;
  }
}
