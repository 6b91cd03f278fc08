package io.distkv.contract;

import io.distkv.client.NodeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random operations through all doors side by side, with a small model that knows the answers. More
 * of them: {@code -Ddistkv.contract.runs=200}; one again: {@code -Ddistkv.contract.seed=S}. What
 * fails is printed as a scenario, which can stand in a file as it is.
 */
@Timeout(3_600)
class RandomContractTest {
  private static final int RUNS = Integer.getInteger("distkv.contract.runs", 3);
  private static final int STEPS = 100;
  private static final long HISTORY_MILLIS = 86_400_000;

  @TempDir static Path folder;
  private static NodeProcess node;
  private static Doors doors;

  @BeforeAll
  static void startNode() throws IOException {
    node = NodeProcess.startPlain(folder);
    doors = new Doors(node);
  }

  @AfterAll
  static void stopNode() throws IOException {
    doors.close();
    node.close();
  }

  @TestFactory
  Stream<DynamicTest> runs() {
    Long seed = Long.getLong("distkv.contract.seed");
    long first = System.nanoTime() & 0xffff_ffffL;
    LongStream seeds = seed == null ? LongStream.range(first, first + RUNS) : LongStream.of(seed);
    return seeds.mapToObj(each -> DynamicTest.dynamicTest("seed " + each, () -> run(each)));
  }

  /** The seed tells also what kind of run it is. */
  private static void run(long seed) throws IOException {
    Random random = new Random(seed);
    boolean plain = seed % 3 == 0;
    int partitions = random.nextBoolean() ? 1 : 8;
    Model model = new Model();
    RandomLines lines = new RandomLines(random, plain, partitions == 1);
    List<String> scenario = new ArrayList<>();
    scenario.add("scenario of seed " + seed);
    scenario.add("with partitions " + partitions);
    List<ScenarioRun> runs = new ArrayList<>();
    try {
      for (Door door : doors.all()) {
        if (plain || !door.name().equals("redis")) {
          runs.add(ScenarioRun.begin(doors, door, partitions, HISTORY_MILLIS));
        }
      }
      for (int i = 0; i < STEPS; i++) {
        Step step = answered(lines.step(model.lastVersion()), model, scenario);
        for (ScenarioRun run : runs) {
          take(run, step, seed, scenario);
        }
      }
    } finally {
      for (ScenarioRun run : runs) {
        run.close();
      }
    }
  }

  private static void take(ScenarioRun run, Step step, long seed, List<String> scenario)
      throws IOException {
    String missing;
    try {
      missing = run.take("seed " + seed, step);
    } catch (AssertionError | IOException | RuntimeException e) {
      throw new AssertionError(
          e.getMessage() + "\n-Ddistkv.contract.seed=" + seed + "\n" + String.join("\n", scenario),
          e);
    }
    if (missing != null) {
      throw new AssertionError("a step that a door does not offer: " + missing);
    }
  }

  /** The step with the answer of the model, which is added to the scenario. */
  private static Step answered(List<String> asked, Model model, List<String> scenario) {
    Step open = step(asked.stream().map(line -> line + " -> ?").toList());
    Operation operation =
        new OperationReader(name -> Long.parseLong(name.substring(1)), word -> word)
            .read(open)
            .operation();
    List<String> written = new ArrayList<>(asked);
    Answer answer = model.ask(operation);
    if (answer instanceof Answer.Results results) {
      for (int i = 0; i < results.answers().size(); i++) {
        written.set(i + 1, asked.get(i + 1) + " -> " + print(results.answers().get(i)));
      }
    } else if (answer instanceof Answer.Listed listed && !listed.entries().isEmpty()) {
      written.set(0, asked.getFirst() + " ->");
      listed
          .entries()
          .forEach(entry -> written.add("  " + print(new Answer.Listed(List.of(entry)))));
    } else {
      written.set(0, asked.getFirst() + " -> " + print(answer));
    }
    scenario.addAll(written);
    return step(written);
  }

  private static String print(Answer answer) {
    return answer.words().stream()
        .filter(word -> !word.equals(Word.NEW_LINE))
        .map(Word::toString)
        .collect(Collectors.joining(" "));
  }

  private static Step step(List<String> lines) {
    List<Line> read = new ArrayList<>();
    lines.forEach(line -> read.add(Line.of(0, line)));
    return Step.of(read.getFirst(), read.subList(1, read.size()));
  }
}
