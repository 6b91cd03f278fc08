package io.distkv.simulation.hunt;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.raft.Role;
import io.distkv.simulation.cluster.ClusterRun;
import io.distkv.simulation.cluster.invariant.Invariant;
import io.distkv.simulation.world.Violation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command line tells of a cluster's seed, one that finds nothing and one that does. */
class ClusterReportTest {
  private static final String SEED = "9";
  private static final Pattern REPLAY = Pattern.compile("replay it with: ./distkv simulate (.*)");

  @TempDir Path folder;

  private record Result(int status, String output) {
    List<String> lines() {
      return output.lines().toList();
    }

    String hash() {
      return lines().getLast();
    }
  }

  /** Breaks as soon as a group has had a second election. */
  private static final ClusterRuns BREAKING =
      (seed, trace, selection) ->
          new ClusterRun(seed, trace, selection, List.of(noLeaderOfTermTwo()));

  private static Invariant noLeaderOfTermTwo() {
    return look -> {
      if (look.raft().role() == Role.LEADER && look.raft().term() >= 2) {
        throw new Violation("NoSuchLeader: node " + look.node() + ", group 0: leads");
      }
    };
  }

  private static Result run(ClusterRuns runs, String... args) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    int status = new CrashHunt(out, runs).run(args);
    return new Result(status, bytes.toString(StandardCharsets.UTF_8));
  }

  @Test
  void oneSeedIsToldTheSameEachTimeWhateverIsWritten() throws Exception {
    Path html = folder.resolve("run.html");
    Path history = folder.resolve("run.jsonl");
    Result plain = run(ClusterRun::new, "--seed", SEED);
    Result files =
        run(
            ClusterRun::new,
            "--seed",
            SEED,
            "--html",
            html.toString(),
            "--history",
            history.toString());
    assertThat(plain.status()).isZero();
    assertThat(files).isEqualTo(plain);
    assertThat(plain.hash()).matches("trace hash: [0-9a-f]{16}");
    assertThat(plain.output())
        .contains("things may go wrong for", "node 1 starts", "fault 1 (", " in term ")
        .contains("nothing goes wrong from here on", "operations: ", "nothing found", "taken: ");
    Result traced = run(ClusterRun::new, "--seed", SEED, "--trace");
    assertThat(traced.hash()).isEqualTo(plain.hash());
    assertThat(traced.lines().size()).isGreaterThan(10 * plain.lines().size());
    assertThat(run(ClusterRun::new, "--check", history.toString()).status()).isZero();
    requirePage(html);
  }

  private static void requirePage(Path html) throws Exception {
    String root =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(Files.readAllBytes(html)))
            .getDocumentElement()
            .getTagName();
    assertThat(root).isEqualTo("html");
  }

  @Test
  void aSeedThatFailsIsToldAndWrittenAllTheSame() throws Exception {
    Path html = folder.resolve("run.html");
    Path history = folder.resolve("run.jsonl");
    Result result =
        run(BREAKING, "--seed", SEED, "--html", html.toString(), "--history", history.toString());
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.output())
        .contains("VIOLATION: NoSuchLeader: ", "seed 9 failed after ")
        .contains("replay it with: ./distkv simulate --seed 9\n")
        .doesNotContain("looking for less");
    assertThat(result.hash()).matches("trace hash: [0-9a-f]{16}");
    assertThat(Files.readString(html)).contains("VIOLATION: NoSuchLeader: ");
    requirePage(html);
    assertThat(run(BREAKING, "--check", history.toString()).status()).isZero();
  }

  @Test
  void aHuntMakesWhatItFindsSmallAndSaysHowToReplayThat() {
    Result hunt = run(BREAKING, "--seed", SEED, "--seeds", "3", "--shrink-budget", "1h");
    assertThat(hunt.status()).isEqualTo(1);
    assertThat(hunt.output()).contains("what is left after ", "its trace hash: ");
    List<String> commands = new ArrayList<>();
    Matcher matcher = REPLAY.matcher(hunt.output());
    while (matcher.find()) {
      commands.add(matcher.group(1));
    }
    assertThat(commands).hasSize(2);
    assertThat(commands.getLast()).contains("--keep-operations ");
    Result again = run(BREAKING, commands.getLast().split(" ", -1));
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.output()).contains("VIOLATION: NoSuchLeader: ");
    assertThat(hunt.output()).contains("its " + again.hash());
    assertThat(hunt.hash()).isEqualTo(run(BREAKING, commands.getFirst().split(" ", -1)).hash());
  }

  @Test
  void aHuntCanLeaveItAtThat() {
    Result hunt = run(BREAKING, "--seed", SEED, "--seeds", "3", "--no-shrink");
    assertThat(hunt.status()).isEqualTo(1);
    assertThat(hunt.output()).doesNotContain("looking for less");
  }

  @Test
  void aSeedAloneIsShrunkOnRequest() {
    Result result = run(BREAKING, "--seed", SEED, "--shrink-runs", "3");
    assertThat(result.output())
        .contains("what is left after 3 runs, which used up the budget", "its trace hash: ");
    assertThat(result.hash()).matches("trace hash: [0-9a-f]{16}");
  }

  @Test
  void aFileThatCannotBeWrittenIsAnError() {
    Path nowhere = folder.resolve("no/such/folder.html");
    Result result =
        run(
            ClusterRun::new,
            "--seed",
            SEED,
            "--keep-operations",
            "1-9",
            "--html",
            nowhere.toString());
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.output()).contains("cannot write " + nowhere);
    assertThat(result.hash()).matches("trace hash: [0-9a-f]{16}");
  }

  @Test
  void aFaultThatIsNotThereIsAnError() throws IOException {
    Result result = run(ClusterRun::new, "--seed", SEED, "--keep-faults", "7,9999");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.output()).startsWith("there is no fault 9999 to keep: this seed has ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--seed 1 --keep-faults x | --keep-faults: numbers are written as",
        "--seed 1 --keep-faults | --keep-faults needs a value",
        "--seed 1 --keep-operations 5,3 | --keep-operations: numbers begin with 1 and rise",
        "--seed 1 --calm-after soon | --calm-after needs a time",
        "--seed 1 --html | --html needs a value",
        "--seeds 5 --keep-faults 1 | --keep-faults, --keep-operations, --calm-after, --html and",
        "--seed 1 --budget 5s --html x | --keep-faults, --keep-operations, --calm-after, --html",
        "--of tree --seed 1 --history x | --keep-faults, --keep-operations, --calm-after, --html",
        "--of node --seed 1 --no-shrink | only runs of a cluster can be shrunk, not node",
        "--seed 1 --no-shrink --shrink-runs 5 | --no-shrink and --shrink-budget or",
        "--seed 1 --shrink-runs 0 | --shrink-runs needs a number from 1",
        "--seed 1 --shrink-budget 5 | --shrink-budget needs a time",
        "--seeds 0 | --seeds needs a number from 1",
      })
  void wrongArgumentsAreExplained(String args, String explanation) {
    Result result = run(ClusterRun::new, args.split(" ", -1));
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.output()).startsWith(explanation).contains("usage: ");
  }

  @Test
  void helpNamesEveryOption() {
    assertThat(run(ClusterRun::new, "--help").output())
        .contains("--keep-faults", "--keep-operations", "--calm-after", "--html", "--history")
        .contains("--no-shrink", "--shrink-budget", "--shrink-runs");
  }
}
