package io.distkv.simulation.hunt;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.NodeOptions;
import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.simulation.disk.SimulatedCrash;
import io.distkv.simulation.disk.SimulatedDisk;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.SimulatedClock;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A node dies at every step that a change of its keyspaces takes on the disk: by a kill, or by a
 * power cut. The next one has the keyspace wholly or not at all, and one that is made again is
 * empty.
 */
class KeyspaceCrashTest {
  private static final NodeOptions OPTIONS =
      NodeOptions.defaults().toBuilder()
          .keyspaces(List.of(KeyspaceOptions.of(0, "default")))
          .journalSegmentBytes(64 * 1024)
          .build();
  private static final String CREATE = "KEYSPACE CREATE orders NUMBER 5 PARTITIONS 2";
  private static final String DROP = "KEYSPACE DROP orders orders";

  /** A disk and the nodes that live on it. */
  private static final class Lives {
    private final SimulatedRandomness random;
    private final EventQueue queue = new EventQueue(new Trace());
    private final SimulatedClock clock;
    private final SimulatedDisk disk;
    private SimulatedNode node;

    Lives(long seed) {
      random = new SimulatedRandomness(seed);
      clock = new SimulatedClock(queue, random.fork());
      disk = new SimulatedDisk(random.fork(), new Trace());
      node = start();
    }

    private SimulatedNode start() {
      SimulatedNode next = new SimulatedNode("node", random.fork(), queue, disk, clock);
      assertThat(next.start(OPTIONS)).isNull();
      return next;
    }

    String call(String command) {
      List<Reply> replies = new ArrayList<>();
      node.ask(CommandDice.words((Object[]) command.split(" ", -1)), replies::add);
      node.settle();
      return Replies.text(replies.getFirst());
    }

    /** Whether the command ended before the disk had taken so many steps for it. */
    boolean diesAt(long step, String command, boolean power) {
      disk.faults().crashAtStep(disk.steps() + step);
      boolean ended = false;
      try {
        call(command);
        ended = true;
      } catch (SimulatedCrash e) {
        assertThat(disk.isDown()).isTrue();
      }
      node.kill();
      disk.faults().clear();
      if (power) {
        disk.crash();
      }
      node = start();
      return ended;
    }

    void stop() {
      node.stop();
      node = start();
    }

    /** The folders of trees, without those of the first keyspace. */
    Set<String> folders() {
      Set<String> folders = new TreeSet<>();
      for (String file : disk.files()) {
        if (file.startsWith("replicas/") && !file.startsWith("replicas/0-")) {
          folders.add(file.split("/", -1)[1]);
        }
      }
      return folders;
    }
  }

  private static boolean isThere(Lives lives) {
    String list = lives.call("KEYSPACE LIST");
    assertThat(list).isIn("{'default' :0}", "{'default' :0 'orders' :5}");
    return list.contains("orders");
  }

  private static void isEmptyAndServes(Lives lives) {
    assertThat(lives.call("SELECT 5")).isEqualTo("+OK");
    assertThat(lives.call("DBSIZE")).isEqualTo(":0");
    assertThat(lives.call("GET b")).isEqualTo("null");
    assertThat(lives.call("SET b new")).isEqualTo("+OK");
    lives.stop();
    assertThat(lives.call("SELECT orders")).isEqualTo("+OK");
    assertThat(lives.call("MGET a b c")).isEqualTo("[null 'new' null]");
    assertThat(lives.folders()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"1, false", "2, true", "3, true", "4, true"})
  void aCreationHappensOrNot(long seed, boolean power) {
    boolean ended = false;
    int there = 0;
    for (long step = 1; !ended; step++) {
      Lives lives = new Lives(seed + 10 * step);
      ended = lives.diesAt(step, CREATE, power);
      if (isThere(lives)) {
        there++;
      } else {
        assertThat(ended).isFalse();
        assertThat(lives.folders()).isEmpty();
        assertThat(lives.call(CREATE)).startsWith("{'name' 'orders'");
      }
      isEmptyAndServes(lives);
    }
    assertThat(there).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"1, false", "2, true", "3, true", "4, true"})
  void aDropHappensOrNot(long seed, boolean power) {
    boolean ended = false;
    int there = 0;
    for (long step = 1; !ended; step++) {
      Lives lives = new Lives(seed + 10 * step);
      lives.call(CREATE);
      lives.call("SELECT orders");
      lives.call("SET a 1");
      lives.call("SET c 3");
      if (step % 2 == 0) {
        lives.stop(); // what was in memory is in tables
        lives.call("SELECT orders");
      }
      lives.call("SET b 2");
      ended = lives.diesAt(step, DROP, power);
      if (isThere(lives)) {
        there++;
        assertThat(ended).isFalse();
        lives.call("SELECT orders");
        assertThat(lives.call("MGET a b c")).isEqualTo("['1' '2' '3']");
        lives.call("SELECT default");
        assertThat(lives.call(DROP)).isEqualTo("+OK");
      }
      assertThat(lives.folders()).isEmpty();
      assertThat(lives.call(CREATE)).startsWith("{'name' 'orders'");
      isEmptyAndServes(lives);
    }
    assertThat(there).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"1, false", "2, true"})
  void anAlterationHappensOrNot(long seed, boolean power) {
    boolean ended = false;
    for (long step = 1; !ended; step++) {
      Lives lives = new Lives(seed + 10 * step);
      lives.call(CREATE);
      ended = lives.diesAt(step, "KEYSPACE ALTER orders HISTORY 7 MAXBYTES 100000", power);
      String described = lives.call("KEYSPACE DESCRIBE orders");
      boolean altered = described.contains("'history' :7");
      assertThat(described.contains("'maxBytes' :100000")).isEqualTo(altered);
      assertThat(altered || !ended).isTrue();
    }
  }
}
