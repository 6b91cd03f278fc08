package io.distkv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * That docs/raft-paper.md names code and tests that are there, and leaves out none of the tests.
 */
class PaperPageTest {
  private static final Path PAGE = Path.of("../docs/raft-paper.md");
  private static final Path CONVERSATIONS = Path.of("src/test/resources/conversations");
  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*)\\.(\\w+)`");
  private static final Pattern CONVERSATION = Pattern.compile("`([a-z0-9-]+)\\.txt`");

  private static final List<String> PACKAGES =
      List.of("io.distkv.raft.", "io.distkv.raft.session.");

  /** The tests that are sentences of the paper. */
  private static final List<Class<?>> PAPER =
      List.of(
          PaperClientTest.class,
          PaperCompactionTest.class,
          PaperElectionTest.class,
          PaperFollowerReadTest.class,
          PaperMembershipTest.class,
          PaperPipelineTest.class,
          PaperReadTest.class,
          PaperRemovalTest.class,
          PaperReplicationTest.class,
          PaperSafetyTest.class,
          PaperSessionTest.class);

  private static List<MatchResult> find(Pattern pattern) throws IOException {
    return pattern.matcher(Files.readString(PAGE)).results().toList();
  }

  @Test
  void everythingThatIsNamedIsThere() throws IOException {
    List<String> missing = new ArrayList<>();
    for (MatchResult named : find(NAMED)) {
      if (!isThere(named.group(1), named.group(2))) {
        missing.add(named.group());
      }
    }
    assertThat(missing).isEmpty();
    assertThat(find(NAMED)).hasSizeGreaterThan(200);
  }

  private static boolean isThere(String type, String member) {
    return PACKAGES.stream().anyMatch(prefix -> isThere(prefix, type, member));
  }

  private static boolean isThere(String prefix, String type, String member) {
    Class<?> found;
    try {
      found = Class.forName(prefix + type);
    } catch (ClassNotFoundException _) {
      return false;
    }
    return Arrays.stream(found.getDeclaredMethods()).anyMatch(m -> m.getName().equals(member))
        || Arrays.stream(found.getDeclaredClasses())
            .anyMatch(c -> c.getSimpleName().equals(member));
  }

  @Test
  void everyTestOfTheseIsOnThePage() throws IOException {
    SortedSet<String> left = new TreeSet<>();
    for (Class<?> type : PAPER) {
      for (Method method : type.getDeclaredMethods()) {
        if (method.isAnnotationPresent(Test.class)
            || method.isAnnotationPresent(ParameterizedTest.class)) {
          left.add(type.getSimpleName() + "." + method.getName());
        }
      }
    }
    assertThat(left).hasSizeGreaterThan(100);
    for (MatchResult named : find(NAMED)) {
      left.remove(named.group(1) + "." + named.group(2));
    }
    assertThat(left).as("tests that the page does not name").isEmpty();
  }

  @Test
  void everyConversationIsOnThePage() throws IOException {
    SortedSet<String> named = new TreeSet<>();
    find(CONVERSATION).forEach(each -> named.add(each.group(1) + ".txt"));
    try (var files = Files.list(CONVERSATIONS)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(named);
    }
  }
}
