package io.distkv.node.session;

import io.distkv.node.replica.Keyspace;

/** For tests that go to replicas by other ways than commands. */
public final class SelectedKeyspace {
  private SelectedKeyspace() {}

  /** The keyspace that a session's commands go to. */
  public static Keyspace of(Session session) {
    return session.keyspace();
  }
}
