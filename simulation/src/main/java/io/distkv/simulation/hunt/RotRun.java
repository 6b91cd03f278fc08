package io.distkv.simulation.hunt;

import io.distkv.base.ErrorCode;
import io.distkv.node.NodeOptions;
import io.distkv.node.NodeVerifier;
import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.Durability;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.simulation.disk.SimulatedDisk;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.SimulatedClock;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Trace;
import io.distkv.simulation.world.Violation;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.Damage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One seed: a node does some work and ends, by a stop or a kill; then its files rot, one thing at a
 * time, each on a copy of its disk of its own. Whatever rots, the verifier names the file or the
 * data is unaffected; and if the node is started all the same, it refuses, or every answer is what
 * was written or an error that names the file, before and after compactions have met the damage and
 * in the next life too.
 */
final class RotRun {
  private static final long SECOND = 1_000_000_000L;
  private static final int DESERT_BYTES = 64;
  private static final int FRESH_WRITES = 20;

  private final SimulatedRandomness random;
  private final Trace trace;
  private final EventQueue queue;
  private final SimulatedDisk disk;
  private final SimulatedClock clock;
  private final NodeOptions options;
  private final ScriptPlayer player;
  private final Script script;
  private final int everyNth;
  private int lives;
  private long rots;

  /**
   * @param everyNth 0 to draw what rots; else one bit of every nth byte flips, with a random one
   *     for the first
   */
  RotRun(long seed, Trace trace, int everyNth) {
    this.random = new SimulatedRandomness(seed);
    this.trace = trace;
    this.everyNth = everyNth;
    this.queue = new EventQueue(trace);
    this.disk = new SimulatedDisk(random.fork(), trace);
    this.clock = new SimulatedClock(queue, random.fork());
    this.script = new Script(random.fork(), everyNth > 0 ? 60 : 1000);
    RunOptions drawn = new RunOptions(random.fork(), script.keyspaces());
    List<KeyspaceOptions> keyspaces =
        drawn.drawKeyspaces().stream()
            .map(keyspace ->
                // So that nothing acknowledged can pass for a torn tail.
                keyspace.withDurability(Durability.COMMIT))
            .toList();
    this.options = drawn.drawNode(keyspaces);
    this.player = new ScriptPlayer(script, drawn.spaces(), clock);
  }

  Scenario.Outcome run() {
    try {
      work();
      judge(copy(), null);
      if (everyNth > 0) {
        rotByteByByte();
      } else {
        for (int left = 20; left > 0; left--) {
          SimulatedDisk rotten = copy();
          Rot rot = Rot.draw(rotten, random);
          if (rot != null) {
            judge(rotten, rot);
          }
        }
      }
    } catch (IOException e) {
      throw new Violation("an I/O error that nobody injected", e);
    }
    return new Scenario.Outcome(trace.hex(), trace.events(), rots, lives, 0);
  }

  private void rotByteByByte() throws IOException {
    for (String file : disk.files()) {
      byte[] content = disk.contentOf(file);
      for (int at = random.below(everyNth); at < content.length; at += everyNth) {
        if (random.below(DESERT_BYTES) == 0 || !isDesert(content, at)) {
          SimulatedDisk rotten = copy();
          judge(rotten, Rot.flip(rotten, file, at * 8L + random.below(8)));
        }
      }
    }
  }

  /** Whether nothing but zeros is far and wide: there a sample of the bytes will do. */
  private static boolean isDesert(byte[] content, int at) {
    for (int i = Math.max(0, at - DESERT_BYTES); i < content.length && i < at + DESERT_BYTES; i++) {
      if (content[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private SimulatedDisk copy() {
    return disk.copy(random.fork(), trace);
  }

  /** Fills the disk in one or two lives of a node. */
  private void work() {
    int restartAt = random.below(2 * script.lines().size());
    SimulatedNode node = start();
    for (int i = 0; i < script.lines().size(); i++) {
      if (script.lines().get(i) instanceof Script.Night) {
        node.settle();
      }
      player.play(script.lines().get(i), node);
      if (i == restartAt) {
        end(node);
        node = start();
        player.enter(node);
      }
    }
    end(node);
  }

  /** Gives the journal time to mark what is durable; what rots before that may pass for torn. */
  private void end(SimulatedNode node) {
    node.settle();
    queue.runFor(5 * SECOND);
    if (random.chance(50)) {
      node.stop();
    } else {
      node.kill();
    }
  }

  private SimulatedNode start() {
    lives++;
    SimulatedNode node = new SimulatedNode("life " + lives, random.fork(), queue, disk, clock);
    Throwable failure = node.start(options);
    if (failure != null) {
      throw new Violation("the node does not start", failure);
    }
    return node;
  }

  /** Looks at a disk on which one thing, or nothing, has rotted. */
  private void judge(SimulatedDisk rotten, @Nullable Rot rot) throws IOException {
    rots++;
    trace.say(String.valueOf(rot));
    try {
      List<Damage> damages = verify(rotten);
      boolean shown = new Suspect(rotten, rot).shows();
      if (shown && damages.isEmpty()) {
        throw new Violation("the verifier found nothing");
      }
      if (rot != null && !damages.isEmpty() && damages.stream().noneMatch(d -> names(d, rot))) {
        throw new Violation("the verifier blames others: " + damages);
      }
      if (rot == null && !damages.isEmpty()) {
        throw new Violation("the verifier finds damage although nothing rotted: " + damages);
      }
    } catch (RuntimeException e) {
      throw new Violation("after %s (%s)".formatted(rot == null ? "no rot" : rot, options), e);
    }
  }

  private static boolean names(Damage damage, Rot rot) {
    return damage.file().equals(rot.file());
  }

  private static List<Damage> verify(SimulatedDisk rotten) throws IOException {
    List<Damage> damages = new ArrayList<>();
    NodeVerifier.verify(
        rotten,
        new NodeVerifier.Listener() {
          @Override
          public void reading(String directory) {}

          @Override
          public void damaged(Damage damage) {
            damages.add(damage);
          }
        });
    return damages;
  }

  /** A node on a disk that may be rotten, in a world that goes on where the first one ended. */
  private final class Suspect {
    private final SimulatedDisk rotten;
    private final @Nullable Rot rot;
    private final EventQueue itsQueue = new EventQueue(trace);
    private final SimulatedClock itsClock = new SimulatedClock(itsQueue, random.fork());
    private boolean shown;

    Suspect(SimulatedDisk rotten, @Nullable Rot rot) {
      this.rotten = rotten;
      this.rot = rot;
      itsClock.jumpMillis(clock.wallMillis() - itsClock.wallMillis());
    }

    /** Whether the rot showed: in a refusal to start, or in an answer. */
    boolean shows() {
      for (int life = 0; life < 2; life++) {
        lives++;
        SimulatedNode node =
            new SimulatedNode("life " + lives, random.fork(), itsQueue, rotten, itsClock);
        Throwable refusal = node.start(options);
        if (refusal != null) {
          requireCorruption(refusal);
          node.kill();
          return true;
        }
        readAll(node);
        writeSome(node);
        itsQueue.runFor(3 * SECOND);
        readAll(node);
        if (node.failure() != null) {
          throw new Violation("the node gave up", node.failure());
        }
        node.stop();
      }
      return shown;
    }

    private void requireCorruption(Throwable refusal) {
      if (rot == null || !(refusal instanceof CorruptionException corruption)) {
        throw new Violation("the node does not start", refusal);
      }
      if (!names(corruption.damage(), rot)) {
        throw new Violation("the node blames another file", refusal);
      }
    }

    private void readAll(SimulatedNode node) {
      int[] selected = {-1};
      for (ScriptPlayer.Question question : player.questions()) {
        if (question.keyspace() != selected[0]) {
          selected[0] = question.keyspace();
          node.ask(CommandDice.words("SELECT", selected[0]), reply -> {});
        }
        node.ask(question.words(), reply -> judge(question, reply));
      }
      node.settle();
    }

    /** The node goes on taking writes that need to read nothing first. */
    private void writeSome(SimulatedNode node) {
      byte[] key = Replies.bytes("fresh");
      for (int i = 0; i < FRESH_WRITES; i++) {
        String value = "value " + i;
        node.ask(CommandDice.words("SET", key, value), reply -> require("+OK", reply));
        node.ask(CommandDice.words("GET", key), reply -> require("'" + value + "'", reply));
      }
      node.ask(CommandDice.words("PEXPIREAT", key, 1), reply -> require(":1", reply));
      node.settle();
    }

    private static void require(String expected, Reply reply) {
      if (!Replies.text(reply).equals(expected)) {
        throw new Violation(
            "a fresh key was answered %s, should be %s".formatted(Replies.text(reply), expected));
      }
    }

    private void judge(ScriptPlayer.Question question, Reply reply) {
      String found = Replies.text(reply);
      if (found.equals(question.answer())) {
        return;
      }
      boolean refused =
          rot != null
              && reply instanceof Reply.Failure failure
              && failure.code() == ErrorCode.CORRUPTION
              && failure.line().contains(rot.file());
      if (!refused) {
        throw new Violation(
            "%s was answered %s, should be %s"
                .formatted(Replies.text(question.words()), found, question.answer()));
      }
      shown = true;
    }
  }
}
