package io.distkv.simulation.hunt;

import io.distkv.node.command.CommandTable;
import io.distkv.simulation.world.SimulatedClock;
import io.distkv.simulation.world.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Plays a script to a node, and to a model of each keyspace in step with its answers, which must be
 * the same.
 */
final class ScriptPlayer {
  private final Script script;
  private final SimulatedClock clock;
  private final List<ModelKeyspace> models = new ArrayList<>();
  private int selected;
  private long answers;

  ScriptPlayer(Script script, List<Space> spaces, SimulatedClock clock) {
    this.script = script;
    this.clock = clock;
    for (Space space : spaces) {
      models.add(new ModelKeyspace(CommandTable.standard(), space.number(), space.partitions()));
    }
  }

  /** How many answers were compared. */
  long answers() {
    return answers;
  }

  /** Goes on with another life of the node. */
  void enter(SimulatedNode node) {
    select(selected, node);
  }

  /** Plays a line; before a night all must be answered. */
  void play(Script.Line line, SimulatedNode node) {
    ModelKeyspace model = models.get(selected);
    switch (line) {
      case Script.Single(byte[][] words) -> ask(node, words, () -> answer(model, words));
      case Script.Transaction(List<byte[][]> commands) -> {
        ask(node, CommandDice.words("MULTI"), () -> "+OK");
        commands.forEach(command -> ask(node, command, () -> "+QUEUED"));
        ask(node, CommandDice.words("EXEC"), () -> answer(model, commands));
      }
      case Script.Select(int keyspace) -> select(keyspace, node);
      case Script.Night(int day) ->
          clock.jumpMillis(Math.max(0, Script.morningMillis(day) - clock.wallMillis()));
    }
  }

  /** A request that tells what a keyspace holds, and what must be answered. */
  @SuppressWarnings("ArrayRecordComponent")
  record Question(int keyspace, byte[][] words, String answer) {}

  /** What tells all that the node holds, keyspace by keyspace. */
  List<Question> questions() {
    List<Question> questions = new ArrayList<>();
    for (int keyspace = 0; keyspace < models.size(); keyspace++) {
      List<byte[][]> requests = new ArrayList<>();
      for (byte[] key : script.owner(List.of()).keys()) {
        for (String command : List.of("GET", "PEXPIRETIME", "STRLEN")) {
          requests.add(CommandDice.words(command, key));
        }
      }
      requests.add(CommandDice.words("DBSIZE"));
      requests.add(CommandDice.words("KEYS", "*"));
      for (byte[][] words : requests) {
        questions.add(new Question(keyspace, words, answer(models.get(keyspace), words)));
      }
    }
    return questions;
  }

  /** Asks for every key that the client has, and for all others. */
  void readAll(SimulatedNode node) {
    for (Question question : questions()) {
      if (question.keyspace() != selected) {
        select(question.keyspace(), node);
      }
      ask(node, question.words(), question::answer);
    }
  }

  private void select(int keyspace, SimulatedNode node) {
    selected = keyspace;
    ask(node, CommandDice.words("SELECT", keyspace), () -> "+OK");
  }

  private void ask(SimulatedNode node, byte[][] words, Supplier<String> expectation) {
    node.ask(
        words,
        reply -> {
          String found = Replies.text(reply);
          String expected = expectation.get();
          if (!found.equals(expected)) {
            throw new Violation(
                "%s was answered %s, should be %s".formatted(Replies.text(words), found, expected));
          }
          answers++;
        });
  }

  private String answer(ModelKeyspace model, byte[][] words) {
    return Replies.text(model.run(words, clock.wallMillis()));
  }

  private String answer(ModelKeyspace model, List<byte[][]> commands) {
    model.beginEntry(clock.wallMillis());
    return commands.stream()
        .map(words -> Replies.text(model.runInEntry(words)))
        .collect(Collectors.joining(" ", "[", "]"));
  }
}
