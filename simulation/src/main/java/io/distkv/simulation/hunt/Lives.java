package io.distkv.simulation.hunt;

import io.distkv.base.Disk;
import io.distkv.simulation.disk.SimulatedCrash;
import io.distkv.simulation.disk.SimulatedDisk;
import io.distkv.simulation.world.Delays;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.SimulatedProcess;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Trace;
import io.distkv.simulation.world.Violation;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * One seed of a program that lives several lives on one simulated disk. Each ends as it was drawn
 * to: the power is cut at a random I/O step, the process is killed, a sync fails, or, at the last,
 * it stops in order.
 */
abstract class Lives {
  private final SimulatedRandomness random;
  private final Trace trace;
  private final EventQueue queue;
  private final SimulatedDisk disk;
  private final Disk program;
  private int lives;
  private int powerCuts;

  /**
   * @param between makes the disk that the program sees; a test puts a lying one there
   */
  Lives(long seed, Trace trace, UnaryOperator<Disk> between) {
    this.random = new SimulatedRandomness(seed);
    this.trace = trace;
    this.queue = new EventQueue(trace);
    this.disk = new SimulatedDisk(random.fork(), trace);
    this.program = between.apply(disk);
    for (Ending ending : Ending.values()) {
      trace.tally().expect(ending.way());
    }
  }

  /** Lets the program live once, from its opening to its end. */
  abstract void live(Ending ending);

  /** The disk has lost what was not synced. */
  abstract void powerWasCut();

  /**
   * Lets it live up to so many times, and once more.
   *
   * @throws Violation if a promise was broken
   */
  final void liveSeveralTimes(int most) {
    for (int left = 1 + random.below(most); left > 0; left--) {
      liveOnce(random.pick(Ending.values()));
    }
    liveOnce(Ending.STOP);
  }

  private void liveOnce(Ending ending) {
    lives++;
    trace.event("life", ending.name(), lives, disk.usedBytes());
    trace.tally().count(ending.way());
    live(ending);
    disk.faults().clear();
  }

  final Scenario.Outcome outcome(long requests) {
    return new Scenario.Outcome(trace.hex(), trace.events(), requests, lives, powerCuts);
  }

  /** What runs as a process of one lane. */
  @FunctionalInterface
  interface Life {
    void run(SimulatedProcess process) throws IOException;
  }

  /**
   * Runs one life as a process of its own.
   *
   * @param mayGoOn whether the power may stay on after it, if it was not cut
   * @param what the program is, in the message of a violation
   */
  final void liveAsProcess(Ending ending, boolean mayGoOn, String what, Life life) {
    SimulatedRandomness itsRandom = random.fork();
    SimulatedProcess process =
        new SimulatedProcess("life " + lives, queue, itsRandom, Delays.draw(itsRandom), 1, 1000);
    try {
      life.run(process);
      process.kill();
      if (ending == Ending.STOP) {
        requireNothingOpen("a closed " + what);
      }
      disk.killProcess();
      if (!mayGoOn || random.chance(30)) {
        cutPower();
      }
    } catch (SimulatedCrash e) {
      process.kill();
      endByCrash(ending);
    } catch (IOException e) {
      throw new Violation("an I/O error that nobody injected", e);
    }
  }

  final void requireNothingOpen(String who) {
    if (!disk.openFiles().isEmpty()) {
      throw new Violation(who + " left open " + disk.openFiles().stream().limit(5).toList());
    }
  }

  /** The process was killed at a step, by itself or by a power cut. */
  final void endByCrash(Ending ending) {
    disk.killProcess();
    if (ending == Ending.POWER_CUT) {
      cutPower();
    }
  }

  final void cutPower() {
    powerCuts++;
    disk.crash();
    powerWasCut();
  }

  /** Ends the life if the power was cut and something went on all the same. */
  final void requirePower() {
    if (disk.isDown()) {
      throw new SimulatedCrash("the program went on after the power cut");
    }
  }

  /** Runs events until something holds. */
  final void runUntil(BooleanSupplier condition, long patienceNanos, String what) {
    queue.runUntil(
        () -> {
          requirePower();
          return condition.getAsBoolean();
        },
        patienceNanos,
        what);
  }

  final SimulatedRandomness random() {
    return random;
  }

  final Trace trace() {
    return trace;
  }

  final EventQueue queue() {
    return queue;
  }

  final SimulatedDisk disk() {
    return disk;
  }

  /** The disk as the program sees it. */
  final Disk program() {
    return program;
  }

  /** How many lives have begun. */
  final int lives() {
    return lives;
  }
}
