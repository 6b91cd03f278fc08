package io.distkv.node.session;

import io.distkv.node.command.CommandSpec.Scope;
import io.distkv.node.command.Flag;
import io.distkv.node.command.Prepared;
import io.distkv.node.replica.Keyspace;
import io.distkv.node.replica.Keyspaces;
import io.distkv.node.replica.Replica;
import io.distkv.node.session.SnapshotGather.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the commands of a transaction touch: which run on data, where, and how. */
final class TransactionPlan {
  private final List<Step> steps = new ArrayList<>();
  private final NavigableMap<Long, Target> targets = new TreeMap<>();
  private final NavigableMap<Long, Flush> flushed = new TreeMap<>();
  private boolean writes;
  private boolean unbounded;
  private boolean changesSession;
  private @Nullable Keyspace gone;

  /** A queued command that touches data, in the keyspace that is selected by then. */
  record Step(Prepared.Ready command, Keyspace keyspace) {

    /** Whether it empties whole keyspaces. */
    boolean flushes() {
      return command instanceof Prepared.Write && command.spec().scope() != Scope.KEYS;
    }

    /** Whether it has something to do in a partition, if that is the only one beside flushes. */
    boolean concerns(Target target) {
      return switch (command.spec().scope()) {
        case KEYS, NODE -> true;
        case KEYSPACE -> !flushes() || keyspace.number() == target.keyspace().number();
        case NONE -> false;
      };
    }
  }

  /** A partition that is emptied, and the command that asks for it. */
  record Flush(Target target, Prepared.Write command) {}

  /**
   * Plans the queued commands and watched keys.
   *
   * @param keyspaces those that there are
   * @param selected the keyspace that is selected when the transaction begins
   */
  void add(Keyspaces keyspaces, Keyspace selected, Transaction transaction, Watches watches) {
    Keyspace keyspace = selected;
    boolean selectedIsGone = keyspaces.current(selected) == null;
    for (Prepared prepared : transaction.commands()) {
      if (!(prepared instanceof Prepared.Ready command)) {
        continue;
      }
      if (command.spec().scope() == Scope.NONE) {
        Keyspace next = selectedBy(keyspaces, command);
        keyspace = next == null ? keyspace : next;
        selectedIsGone &= next == null;
        changesSession = true;
      } else {
        if (selectedIsGone && command.spec().scope() != Scope.NODE) {
          gone = keyspace;
        }
        steps.add(new Step(command, keyspace));
        writes |= command instanceof Prepared.Write;
        unbounded |= command.spec().is(Flag.UNBOUNDED);
        addTargets(keyspaces, command, keyspace);
      }
    }
    for (Watches.Watched watched : watches.all()) {
      if (keyspaces.current(watched.keyspace()) == null) {
        gone = watched.keyspace();
      }
      addTarget(watched.keyspace(), watched.keyspace().partitionOf(watched.condition().key()));
    }
  }

  /** The keyspace that a command selects, if it is a SELECT of one that exists. */
  private static @Nullable Keyspace selectedBy(Keyspaces keyspaces, Prepared.Ready command) {
    return command.spec().name().equals("select")
        ? keyspaces.find(command.arguments().text(1))
        : null;
  }

  private void addTargets(Keyspaces keyspaces, Prepared.Ready command, Keyspace keyspace) {
    switch (command.spec().scope()) {
      case KEYS -> {
        int keys = command.keyCount();
        for (int i = 0; i < keys; i++) {
          addTarget(keyspace, keyspace.partitionOf(command.key(i)));
        }
      }
      case KEYSPACE -> addAll(command, keyspace);
      case NODE -> keyspaces.all().forEach(each -> addAll(command, each));
      case NONE -> throw new IllegalStateException(command.spec().name() + " touches no data");
    }
  }

  private void addAll(Prepared.Ready command, Keyspace keyspace) {
    for (int partition = 0; partition < keyspace.partitions(); partition++) {
      if (command instanceof Prepared.Write write) {
        Target target = new Target(keyspace, keyspace.replica(partition));
        flushed.putIfAbsent(target.replica().identity().id(), new Flush(target, write));
      } else {
        addTarget(keyspace, partition);
      }
    }
  }

  private void addTarget(Keyspace keyspace, int partition) {
    Replica replica = keyspace.replica(partition);
    targets.put(replica.identity().id(), new Target(keyspace, replica));
  }

  /** A keyspace that it is about and that was dropped, so that it cannot be run; or null. */
  @Nullable Keyspace gone() {
    return gone;
  }

  /** The commands that touch data, in their order. */
  List<Step> steps() {
    return steps;
  }

  /** The partitions that hold its keys, watched ones included; those only flushed are not in it. */
  Collection<Target> targets() {
    return targets.values();
  }

  /** Whether all of its keys are in one keyspace. */
  boolean isOfOneKeyspace() {
    return targets.values().stream().map(target -> target.keyspace().number()).distinct().count()
        == 1;
  }

  /** The one partition where a transaction that writes is atomic. */
  Target main() {
    return targets.isEmpty()
        ? flushed.firstEntry().getValue().target()
        : targets.firstEntry().getValue();
  }

  /** The partitions that are emptied beside that one. */
  SortedMap<Long, Flush> flushedBeside(Target main) {
    SortedMap<Long, Flush> others = new TreeMap<>(flushed);
    others.remove(main.replica().identity().id());
    return others;
  }

  boolean writes() {
    return writes;
  }

  /** Whether it reads an amount of data that nothing bounds. */
  boolean unbounded() {
    return unbounded;
  }

  /**
   * Whether the requests after EXEC must wait for its end: it changes what the session remembers of
   * its client, or goes to other partitions when it is done in its own.
   */
  boolean holdsUpWhatFollows() {
    return changesSession || !flushed.isEmpty();
  }
}
