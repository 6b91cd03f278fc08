package io.distkv.node;

import io.distkv.base.Disk;
import io.distkv.base.DiskFullException;
import io.distkv.base.ErrorCode;
import io.distkv.base.Lane;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.Catalog;
import io.distkv.node.keyspace.CatalogEntry;
import io.distkv.node.keyspace.CatalogFile;
import io.distkv.node.peer.Peers;
import io.distkv.node.replica.Keyspace;
import io.distkv.node.replica.Keyspaces;
import io.distkv.node.replica.Replica;
import io.distkv.node.replica.ReplicaEnvironment;
import io.distkv.node.replica.ReplicaGroup;
import io.distkv.node.replica.ReplicaIdentity;
import io.distkv.node.replica.ServedKeyspaces;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The keyspaces of a running node: the catalog, which decides what there is, and what is served.
 *
 * <p>Invariant: what is served is in a catalog that is durable. Home is lane 0, where all of this
 * is used, unless it says otherwise.
 */
final class LiveKeyspaces {
  /** What is said of a change when the node has given up in its midst. */
  static final Reply.Failure UNKNOWN =
      Errors.of(
          ErrorCode.INTERNAL,
          "the node has stopped because its disk failed; the change may have happened");

  private final Lane home;
  private final ReplicaEnvironment environment;
  private final List<ReplicaGroup> groups;
  private final Peers peers;
  private final ServedKeyspaces served;
  private Catalog catalog;

  /**
   * All replicas are there: they are served from here on. On any lane, once.
   *
   * @param groups by journal
   */
  LiveKeyspaces(
      Lane home,
      ReplicaEnvironment environment,
      List<ReplicaGroup> groups,
      Peers peers,
      Catalog catalog) {
    this.home = home;
    this.environment = environment;
    this.groups = groups;
    this.peers = peers;
    this.catalog = catalog;
    Keyspaces first = new Keyspaces(keyspaces());
    served = new ServedKeyspaces(first);
    peers.open(groupOf(first));
  }

  private List<Keyspace> keyspaces() {
    SortedMap<Long, Replica> replicas = new TreeMap<>();
    for (ReplicaGroup group : groups) {
      group.replicas().forEach(replica -> replicas.put(replica.identity().id(), replica));
    }
    List<Keyspace> keyspaces = new ArrayList<>();
    for (CatalogEntry entry : catalog.keyspaces()) {
      List<Replica> own = new ArrayList<>();
      ReplicaIdentity.all(entry).forEach(identity -> own.add(replicas.get(identity.id())));
      keyspaces.add(new Keyspace(entry, own));
    }
    return keyspaces;
  }

  private SortedMap<Long, ReplicaGroup> groupOf(Keyspaces keyspaces) {
    SortedMap<Long, ReplicaGroup> groupOf = new TreeMap<>();
    for (Keyspace keyspace : keyspaces.all()) {
      for (Replica replica : keyspace.replicas()) {
        groupOf.put(replica.identity().id(), groups.get(journal(replica.identity())));
      }
    }
    return groupOf;
  }

  private int journal(ReplicaIdentity identity) {
    return identity.journal(groups.size());
  }

  Lane home() {
    return home;
  }

  ReplicaEnvironment environment() {
    return environment;
  }

  /** What is served; any thread. */
  ServedKeyspaces served() {
    return served;
  }

  /** What was decided last. */
  Catalog catalog() {
    return catalog;
  }

  /** From here on sessions find these. */
  void serve(Keyspaces next) {
    served.become(next);
    peers.serve(groupOf(next));
  }

  /** What was to be created is not: no incarnation is given twice, even so. */
  void passOver(Catalog refused) {
    catalog = catalog.notBefore(refused);
  }

  /**
   * Makes a catalog the one that counts, durably.
   *
   * @param then told why it does not; null if it does
   */
  void decide(Catalog next, Consumer<Reply.@Nullable Failure> then) {
    environment
        .background()
        .execute(() -> {
          Reply.Failure failure = write(next);
          home.complete(() -> {
            if (failure == null) {
              catalog = next;
            }
            then.accept(failure);
          });
        });
  }

  private Reply.@Nullable Failure write(Catalog next) {
    Disk disk = environment.disk();
    try {
      CatalogFile.stage(disk, next);
    } catch (IOException e) {
      return notDone(e);
    }
    try {
      CatalogFile.install(disk);
      return null;
    } catch (IOException e) {
      environment.faults().fatal(e);
      return UNKNOWN;
    }
  }

  /** What is said of a change that the disk did not let happen. */
  Reply.Failure notDone(IOException why) {
    if (why instanceof DiskFullException) {
      environment.reserve().metFullDisk();
      return Errors.of(ErrorCode.DISK_FULL, "the disk is full; nothing was done");
    }
    environment.faults().defect(why);
    return Errors.of(
        ErrorCode.INTERNAL, "the disk failed: " + why.getMessage() + "; nothing was done");
  }

  /** What is done to the replicas of a keyspace that share a journal, on their lane. */
  @FunctionalInterface
  interface OnLane<T> {
    void run(ReplicaGroup group, List<ReplicaIdentity> own, Consumer<T> done);
  }

  /** Does something on each lane that has replicas of a keyspace; {@code done} is told at home. */
  <T> void onLanes(CatalogEntry keyspace, OnLane<T> what, Consumer<SortedMap<Integer, T>> done) {
    SortedMap<Integer, List<ReplicaIdentity>> own = new TreeMap<>();
    for (ReplicaIdentity identity : ReplicaIdentity.all(keyspace)) {
      own.computeIfAbsent(journal(identity), _ -> new ArrayList<>()).add(identity);
    }
    SortedMap<Integer, T> outcomes = new TreeMap<>();
    own.forEach((journal, identities) -> {
      ReplicaGroup group = groups.get(journal);
      Consumer<T> outcome =
          result ->
              home.complete(() -> {
                outcomes.put(journal, result);
                if (outcomes.size() == own.size()) {
                  done.accept(outcomes);
                }
              });
      group.port().lane().complete(() -> what.run(group, identities, outcome));
    });
  }
}
