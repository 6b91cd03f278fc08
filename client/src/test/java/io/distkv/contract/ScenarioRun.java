package io.distkv.contract;

import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A scenario on its way through one door: one step after another. */
final class ScenarioRun implements Closeable {
  private final Doors doors;
  private final Door door;
  private final String keyspace;
  private final boolean onePartition;
  private final Bindings versions = new Bindings();
  private final OperationReader reader;
  private final Map<String, String> names = new HashMap<>();

  private ScenarioRun(Doors doors, Door door, String keyspace, boolean onePartition) {
    this.doors = doors;
    this.door = door;
    this.keyspace = keyspace;
    this.onePartition = onePartition;
    reader =
        new OperationReader(
            versions::version,
            word -> names.computeIfAbsent(word, _ -> doors.newName(word + "-" + door.name())));
  }

  static ScenarioRun begin(Doors doors, Door door, int partitions, long historyMillis)
      throws IOException {
    return new ScenarioRun(
        doors, door, doors.newKeyspace(door.name(), partitions, historyMillis), partitions == 1);
  }

  /**
   * Takes a step.
   *
   * @return what the door has no way to ask for; null if the step was taken
   * @throws AssertionError if the answer is not the one that the step has
   */
  @Nullable String take(String file, Step step) throws IOException {
    OperationReader.Asked asked = reader.read(step);
    Answer answer =
        door.ask(asked.keyspace().isEmpty() ? keyspace : asked.keyspace(), asked.operation());
    if (answer instanceof Answer.NotOffered(String what)) {
      return what;
    }
    boolean rising = onePartition && asked.keyspace().isEmpty();
    Expectation expected = new Expectation(step.expected(door.name()), rising);
    if (!expected.holds(answer, versions)) {
      throw new AssertionError(
          "%s:%d through %s: %s\n  expected: %s\n  answered: %s%s\n  versions: %s"
              .formatted(
                  file,
                  step.line().number(),
                  door.name(),
                  step.line().text(),
                  String.join(" ", expected.words()),
                  print(answer),
                  answer instanceof Answer.Refused refused ? " (" + refused.text() + ")" : "",
                  versions));
    }
    return null;
  }

  private static String print(Answer answer) {
    StringBuilder text = new StringBuilder();
    answer.words().forEach(word -> text.append(word).append(' '));
    return text.toString().stripTrailing();
  }

  @Override
  public void close() throws IOException {
    doors.drop(keyspace);
    for (String name : names.values()) {
      doors.drop(name);
    }
  }
}
