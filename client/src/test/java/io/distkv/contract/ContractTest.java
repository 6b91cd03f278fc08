package io.distkv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.client.NodeProcess;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every scenario of the folder {@code contract}, through every door, before one node. Where a door
 * has no way to ask for a step, the rest of the scenario is left out for it, and said.
 */
@Timeout(600)
class ContractTest {
  @TempDir static Path folder;
  private static NodeProcess node;
  private static Doors doors;

  /** What doors did not offer: "door: what". */
  private final Set<String> notOffered = new TreeSet<>();

  @BeforeAll
  static void startNode() throws IOException {
    node = NodeProcess.startPlain(folder);
    try (Doors before = new Doors(node)) {
      before.makePast();
    }
    // A node that stops in good order puts all that it has into tables.
    node.stop();
    node.startAgain();
    doors = new Doors(node);
  }

  @AfterAll
  static void stopNode() throws IOException {
    doors.close();
    node.close();
  }

  @TestFactory
  Stream<DynamicNode> scenarios() throws IOException {
    List<DynamicNode> all = new ArrayList<>();
    for (Scenario scenario : Scenario.all()) {
      all.add(
          DynamicContainer.dynamicContainer(
              scenario.file() + ": " + scenario.title(),
              doors.all().stream()
                  .map(door -> DynamicTest.dynamicTest(door.name(), () -> run(scenario, door)))));
    }
    all.add(DynamicTest.dynamicTest("what doors do not offer", this::offersAreAsListed));
    return all.stream();
  }

  private void run(Scenario scenario, Door door) throws IOException {
    try (ScenarioRun run =
        ScenarioRun.begin(doors, door, scenario.partitions(), scenario.historyMillis())) {
      for (Step step : scenario.steps()) {
        String missing = run.take(scenario.file(), step);
        if (missing != null) {
          notOffered.add(door.name() + ": " + missing);
          Assumptions.abort(
              "line " + step.line().number() + ": " + door.name() + " does not offer " + missing);
        }
      }
    }
  }

  /** No door may fall behind unseen, nor offer what the list still denies. */
  private void offersAreAsListed() throws IOException, URISyntaxException {
    URI list =
        Objects.requireNonNull(ContractTest.class.getResource("/contract/not-offered.list"))
            .toURI();
    List<String> listed =
        Files.readAllLines(Path.of(list), StandardCharsets.UTF_8).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .toList();
    System.out.println("What the doors of a node do not offer:");
    notOffered.forEach(each -> System.out.println("  " + each));
    assertThat(notOffered).containsExactlyInAnyOrderElementsOf(listed);
  }
}
