package io.distkv.server.grpc;

/** How calls name keyspaces. */
final class Keyspaces {
  private static final String DEFAULT = "default";

  private Keyspaces() {}

  /** The keyspace that a call means. */
  static String name(String said) {
    return said.isEmpty() ? DEFAULT : said;
  }
}
