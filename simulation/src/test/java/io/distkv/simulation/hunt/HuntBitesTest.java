package io.distkv.simulation.hunt;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Disk;
import io.distkv.simulation.world.Trace;
import io.distkv.simulation.world.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The hunt finds what it is there to find: each of these defects is caught within a few seeds, and
 * called by its name.
 */
class HuntBitesTest {

  /**
   * Something that is wrong.
   *
   * @param seeds within which it must be found
   * @param names of the violations that it may show as
   */
  record Mutant(
      String name, int seeds, Hunted hunted, UnaryOperator<Disk> disk, List<String> names) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** What it is wrong with. */
  private interface Hunted {
    Scenario.Outcome run(long seed, UnaryOperator<Disk> between);
  }

  private static Mutant journal(String name, UnaryOperator<Disk> disk, String... names) {
    return new Mutant(
        "a journal " + name,
        60,
        (seed, between) -> new JournalRun(seed, new Trace(), between).run(),
        disk,
        List.of(names));
  }

  private static Mutant tree(String name, UnaryOperator<Disk> disk, String... names) {
    return new Mutant(
        "a tree " + name,
        400,
        (seed, between) -> new TreeRun(seed, new Trace(), between).run(),
        disk,
        List.of(names));
  }

  private static Mutant node(String name, UnaryOperator<Disk> disk, String... more) {
    List<String> names = new ArrayList<>(List.of(more));
    names.addAll(
        List.of(
            "explains what was found",
            "should be from",
            "the node did not start",
            "has another state than the one that died"));
    return new Mutant(
        "a node " + name,
        60,
        (seed, between) -> new NodeRun(seed, new Trace(), between).run(),
        disk,
        names);
  }

  static List<Mutant> mutants() {
    String flushed = "were said to be flushed, but the tables end with";
    String opened = "cannot be opened";
    return List.of(
        journal(
            "that never syncs",
            disk -> LyingDisks.withoutSync(disk, ""),
            "lost, though durable",
            opened),
        journal(
            "that acknowledges before it syncs",
            LyingDisks::acknowledgingBeforeSync,
            "lost, though durable",
            opened),
        journal(
            "that never syncs its folder",
            LyingDisks::withoutDirectorySync,
            "lost, though durable",
            "not replayed, though needed",
            opened),
        journal(
            "that is kept in the process",
            disk -> LyingDisks.writingAtSync(disk, ""),
            "lost, though written"),
        tree(
            "whose tables are not synced",
            disk -> LyingDisks.withoutSync(disk, ".sst"),
            opened,
            "an I/O error that nobody injected",
            "the tree failed"),
        tree(
            "whose manifest is not synced",
            disk -> LyingDisks.withoutSync(disk, "MANIFEST"),
            flushed,
            opened),
        tree("that never syncs its folder", LyingDisks::withoutDirectorySync, flushed, opened),
        tree("whose manifest changes in two steps", LyingDisks::renamingInTwoSteps, opened),
        node("that never syncs", disk -> LyingDisks.withoutSync(disk, "journal")),
        node("that acknowledges before it syncs", LyingDisks::acknowledgingBeforeSync),
        node(
            "whose journal is kept in the process",
            disk -> LyingDisks.writingAtSync(disk, "journal"),
            // An onlooker was told of what a kill then took back.
            "what is told of default to be what it holds"));
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void everyMutantIsCaught(Mutant mutant) {
    for (long seed = 1; seed <= mutant.seeds; seed++) {
      try {
        mutant.hunted.run(seed, mutant.disk);
      } catch (Violation found) {
        System.out.println(mutant + " is caught by seed " + seed + ": " + found.getMessage());
        assertThat(found.getMessage())
            .as("seed %d", seed)
            .containsAnyOf(mutant.names.toArray(CharSequence[]::new));
        return;
      }
    }
    throw new AssertionError(mutant + " was not caught by " + mutant.seeds + " seeds");
  }
}
