package io.distkv.simulation.hunt;

import io.distkv.node.command.CommandTable;
import io.distkv.simulation.world.SimulatedRandomness;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A client over all of a run: the keys that nobody else writes, and what they should hold. Keys
 * come in groups that share a hash tag, so that a group is in one partition and several keys of it
 * can be written at once.
 */
final class Owner {
  private static final int LONG_KEY_BYTES = 3000;

  private final String name;
  private final int groups;
  private final int keysPerGroup;
  private final List<Belongings> belongings = new ArrayList<>();

  /** What an owner has in one keyspace. */
  static final class Belongings {
    private final Space space;
    private final ModelKeyspace live;
    private final List<PartitionHistory> histories = new ArrayList<>();

    Belongings(String owner, Space space, CommandTable table) {
      this.space = space;
      this.live = new ModelKeyspace(table, space.number(), space.partitions());
      for (int partition = 0; partition < space.partitions(); partition++) {
        histories.add(
            new PartitionHistory(
                owner + " in " + space.name() + "/" + partition,
                new ModelKeyspace(table, space.number(), space.partitions())));
      }
    }

    Space space() {
      return space;
    }

    /** As the owner's acknowledged commands have made it. */
    ModelKeyspace live() {
      return live;
    }

    /** A step in one partition, to be submitted. */
    Step step(int partition, List<byte[][]> commands) {
      return new Step(histories.get(partition).steps(), commands);
    }

    List<PartitionHistory> histories() {
      return histories;
    }
  }

  Owner(String name, List<Space> spaces, CommandTable table, SimulatedRandomness random) {
    this.name = name;
    this.groups = 1 + random.below(6);
    this.keysPerGroup = 1 + random.below(12);
    for (Space space : spaces) {
      belongings.add(new Belongings(name, space, table));
    }
  }

  /** Gets a new keyspace. */
  Belongings gets(Space space, CommandTable table) {
    Belongings gotten = new Belongings(name, space, table);
    belongings.add(gotten);
    return gotten;
  }

  /** A keyspace is gone with all that was in it. */
  void loses(Belongings lost) {
    belongings.remove(lost);
  }

  String name() {
    return name;
  }

  List<Belongings> belongings() {
    return belongings;
  }

  int groups() {
    return groups;
  }

  /** Any key of a group. */
  byte[] key(int group, SimulatedRandomness random) {
    return key(group, random.below(keysPerGroup));
  }

  /** Any key. */
  byte[] key(SimulatedRandomness random) {
    return key(random.below(groups), random);
  }

  /** Every key it may ever write. */
  List<byte[]> keys() {
    List<byte[]> keys = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      for (int number = 0; number < keysPerGroup; number++) {
        keys.add(key(group, number));
      }
    }
    return keys;
  }

  boolean owns(byte[] key) {
    byte[] prefix = tagStart().getBytes(StandardCharsets.ISO_8859_1);
    return key.length > prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  private String tagStart() {
    return "{" + name + ".";
  }

  /** Some keys are long, some have bytes that are no text. */
  private byte[] key(int group, int number) {
    String text = tagStart() + group + "}" + number;
    byte[] short_ = text.getBytes(StandardCharsets.ISO_8859_1);
    return switch (number % 7) {
      case 5 -> Arrays.copyOf(short_, short_.length + 2);
      case 6 -> {
        byte[] long_ = Arrays.copyOf(short_, LONG_KEY_BYTES);
        Arrays.fill(long_, short_.length, long_.length, (byte) 0xFF);
        yield long_;
      }
      default -> short_;
    };
  }
}
