package io.distkv.node.keyspace;

/**
 * A keyspace as the catalog knows it.
 *
 * @param options what it was last configured to be
 * @param incarnation the number that its replicas carry in the log and in their folders, never
 *     given twice on one node
 */
public record CatalogEntry(KeyspaceOptions options, long incarnation) {

  /**
   * The journal that a partition writes to.
   *
   * @param journals how many the node has
   */
  public int journal(int partition, int journals) {
    return (int) Math.floorMod(incarnation - 1 + partition, (long) journals);
  }
}
