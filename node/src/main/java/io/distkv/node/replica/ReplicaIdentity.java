package io.distkv.node.replica;

import io.distkv.node.keyspace.Catalog;
import io.distkv.node.keyspace.CatalogEntry;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which replica it is.
 *
 * @param keyspace as the catalog has it
 * @param partition from 0
 */
public record ReplicaIdentity(CatalogEntry keyspace, int partition) {
  /** The replicas that a node alone has of a keyspace: one of each partition, in order. */
  public static List<ReplicaIdentity> all(CatalogEntry keyspace) {
    return IntStream.range(0, keyspace.options().partitions())
        .mapToObj(partition -> new ReplicaIdentity(keyspace, partition))
        .toList();
  }

  /** The number that its records have in the journal, unique on the node. */
  public long id() {
    return ((long) keyspace.options().number() << Integer.SIZE) | partition;
  }

  /**
   * Renewed whenever the keyspace begins anew. The replica's own begins with it, and goes up by one
   * with each snapshot that is installed.
   */
  public long incarnation() {
    return keyspace.incarnation();
  }

  /** Which tree its state is, unlike that of every other replica that its node has or had. */
  public long treeId() {
    return id() ^ (incarnation() * 0x9E3779B97F4A7C15L);
  }

  /**
   * The journal that it writes to.
   *
   * @param journals how many the node has
   */
  public int journal(int journals) {
    return keyspace.journal(partition, journals);
  }

  /** The folder of its tree. */
  public String directory() {
    return Catalog.REPLICAS
        + "/"
        + keyspace.options().number()
        + "-"
        + partition
        + "-"
        + keyspace.incarnation();
  }

  @Override
  public String toString() {
    return keyspace.options().name() + "/" + partition;
  }
}
