package io.distkv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.util.diff.DiffUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Conversations of whole groups, with everything that each command causes ({@link Conversation} has
 * the language). A change of the core that changes what servers say or do shows as a change of
 * these texts, to be read by somebody before it goes in.
 */
class ConversationTest {
  private static final Path FOLDER = Path.of("src/test/resources/conversations");

  static Stream<String> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".txt"))
          .sorted()
          .toList()
          .stream();
    }
  }

  /** Run with {@code -Ddistkv.rewrite=true} to write the traces anew. */
  @ParameterizedTest
  @MethodSource("files")
  void everythingHappensAsItIsWritten(String name) throws IOException {
    Path file = FOLDER.resolve(name);
    List<String> written = Files.readAllLines(file);
    List<String> run = Conversation.run(written);
    if (Boolean.getBoolean("distkv.rewrite")) {
      Files.writeString(file, String.join("\n", run) + "\n");
      return;
    }
    if (!run.equals(written)) {
      throw new AssertionError(
          String.join("\n", difference(name, written, run))
              + "\nIf that is right, write it with -Ddistkv.rewrite=true and read the difference.");
    }
  }

  private static List<String> difference(String name, List<String> written, List<String> run) {
    return DiffUtils.generateUnifiedDiff(
        name, name + " as it went now", written, DiffUtils.diff(written, run), 5);
  }

  @ParameterizedTest
  @MethodSource("files")
  void eachSaysWhatItShows(String name) throws IOException {
    List<String> lines = Files.readAllLines(FOLDER.resolve(name));
    List<String> heading = lines.stream().takeWhile(line -> line.startsWith("#")).toList();
    assertThat(heading).as(name).hasSizeGreaterThan(1);
    assertThat(String.join(" ", heading)).containsAnyOf("Raft paper", "Thesis");
  }

  @Test
  void whatIsNoCommandIsNamedByItsLine() {
    assertThatThrownBy(() -> Conversation.run(List.of("# x", "group 3", "dance 1")))
        .hasMessageContaining("line 3, dance 1: ")
        .hasMessageContaining("no such command");
    assertThatThrownBy(() -> Conversation.run(List.of("group 3", "tick 1 by 5 6")))
        .hasMessageContaining("line 2, ")
        .hasMessageContaining("too many words: [6]");
    assertThatThrownBy(() -> Conversation.run(List.of("group 3", "deliver from 2")))
        .hasMessageContaining("no such message");
  }

  @Test
  void aTraceThatIsWrongIsReplacedAndTheRestIsKept() {
    List<String> right = Conversation.run(List.of("# x", "", "group 1", "tick 1"));
    assertThat(right).startsWith("# x", "", "group 1");
    List<String> wrong = Stream.concat(right.stream(), Stream.of("  1 dances")).toList();
    assertThat(Conversation.run(wrong)).isEqualTo(right);
  }
}
