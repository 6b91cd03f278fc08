package io.distkv.simulation.hunt;

import io.distkv.node.NodeOptions;
import io.distkv.node.keyspace.Durability;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.replica.Placement;
import io.distkv.node.session.SizeLimits;
import io.distkv.raft.RaftOptions;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.storage.table.Compression;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What a run is like, drawn from its seed, so that runs differ in kind. Some of it holds for the
 * whole run, some is drawn again for each life of the node.
 */
final class RunOptions {
  private static final int MOST_KEYSPACES = 3;
  private static final long PENDING_BYTES = 1L << 30;

  /** So long that no request ever times out: a run ends when all are answered. */
  private static final long DEADLINE_NANOS = 1_000_000_000_000_000L;

  private final SimulatedRandomness random;
  private final List<Space> spaces = new ArrayList<>();

  RunOptions(SimulatedRandomness random) {
    this(random, 1 + random.below(MOST_KEYSPACES));
  }

  /** Those of a run with so many keyspaces. */
  RunOptions(SimulatedRandomness random, int keyspaces) {
    this.random = random;
    for (int number = 0; number < keyspaces; number++) {
      spaces.add(
          new Space(
              number,
              number == 0 ? "default" : "space-" + number,
              1 << random.below(random.chance(70) ? 2 : 5),
              number > 0 && random.chance(50)));
    }
  }

  List<Space> spaces() {
    return spaces;
  }

  /** The keyspaces as one life has them. */
  List<KeyspaceOptions> drawKeyspaces() {
    return spaces.stream()
        .map(space -> drawKeyspace(random, space.number(), space.name(), space.partitions()))
        .toList();
  }

  /** A keyspace with anything that may be altered drawn. */
  KeyspaceOptions drawKeyspace(SimulatedRandomness dice, int number, String name, int partitions) {
    return new KeyspaceOptions(
        number,
        name,
        partitions,
        drawDurability(dice),
        dice.pick(0L, 0L, 1L, 1000L, 86_400_000L),
        drawCompressions(dice),
        0);
  }

  /** The node as one life has it: small enough that everything in it happens often. */
  NodeOptions drawNode(List<KeyspaceOptions> keyspaces) {
    int segmentBytes = (int) random.magnitude(16 * 1024, 512 * 1024);
    return new NodeOptions(
        keyspaces,
        new TreeMap<>(),
        random.pick(0L, 2_000L, 50_000L, 10_000_000L),
        1 + segmentBytes % 10, // not drawn, so that seeds of old findings still draw the same
        random.magnitude(2_000, 2_000_000),
        random.between(2, 10) * segmentBytes,
        segmentBytes,
        1 + random.below(2),
        random.chance(80) ? 0 : random.magnitude(10_000, 100_000_000),
        0,
        PENDING_BYTES,
        1 + segmentBytes % NodeOptions.ANSWERS_IN_A_ROW, // not drawn either
        SizeLimits.WIDEST,
        DEADLINE_NANOS,
        NodeOptions.defaults().admittedWaitNanos(),
        TreeRun.drawOptions(random),
        Placement.ALONE,
        RaftOptions.DEFAULT);
  }

  private static Durability drawDurability(SimulatedRandomness dice) {
    return switch (dice.below(5)) {
      case 0 -> Durability.NONE;
      case 1 -> Durability.interval(dice.between(1, 2000));
      default -> Durability.COMMIT;
    };
  }

  private static List<Compression> drawCompressions(SimulatedRandomness dice) {
    List<Compression> compressions = new ArrayList<>();
    for (int level = dice.below(3); level >= 0; level--) {
      compressions.add(dice.pick(Compression.values()));
    }
    return compressions;
  }
}
