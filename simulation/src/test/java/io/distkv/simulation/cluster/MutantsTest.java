package io.distkv.simulation.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every invariant bites: with a defect in the product that breaks it, some seed is ended by that
 * very invariant, and the same seed without the defect passes. So do the check of the clients'
 * history and the comparison of what replicas hold.
 */
class MutantsTest {
  /** Within so many seeds from its first each mutant must be caught; most show in one of ten. */
  private static final int SEEDS = 500;

  private static final String RAFT = "raft/src/main/java/io/distkv/raft/";
  private static final String TREE = "storage/src/main/java/io/distkv/storage/tree/";
  private static final String REPLICA = "node/src/main/java/io/distkv/node/replica/";

  /** How what the check of a history says begins. */
  private static final String HISTORY = "key \"";

  private static Mutant mutant(
      String name, String caughtBy, long firstSeed, String file, String text, String replacement) {
    return new Mutant(name, caughtBy, firstSeed, file, text, replacement);
  }

  static List<Mutant> mutants() {
    List<Mutant> all = new ArrayList<>(electionsAndLogs());
    all.addAll(commitsAndReads());
    all.addAll(statesAndMemory());
    return all;
  }

  private static List<Mutant> electionsAndLogs() {
    return List.of(
        mutant(
            "terms and votes are not stored",
            "ElectionSafety",
            89,
            RAFT + "Server.java",
            "return !hardState.equals(handedHardState) && !(alone && membershipIndex() == 0);",
            "return false;"),
        mutant(
            "half of the votes elect a leader",
            "ElectionSafety",
            89,
            RAFT + "Quorum.java",
            "return ids.length / 2 + 1;",
            "return (ids.length + 1) / 2;"),
        mutant(
            "a leader cuts its log where a follower's ends",
            "LeaderAppendOnly",
            26,
            RAFT + "Replication.java",
            "from.refused(refusal.asked(), mayAgree);",
            "from.refused(refusal.asked(), mayAgree);"
                + " server.truncateAfter(Math.max(server.committed(), mayAgree));"),
        mutant(
            "a follower goes on behind an entry that the leader has not",
            "LogMatching",
            223,
            RAFT + "Following.java",
            "if (log.term(entry.index()) == entry.term()) {",
            "if (log.term(entry.index()) <= entry.term()) {"),
        mutant(
            "a vote for a candidate whose log is behind",
            "LeaderCompleteness",
            55,
            RAFT + "Position.java",
            "return term != other.term ? term > other.term : index >= other.index;",
            "return true;"));
  }

  private static List<Mutant> commitsAndReads() {
    return List.of(
        mutant(
            "a leader commits entries of earlier terms by counting (figure 8)",
            "LeaderCompleteness",
            2_565,
            RAFT + "Replication.java",
            "if (reached > before && server.log().term(reached) == server.term()) {",
            "if (reached > before) {"),
        mutant(
            "a follower keeps its own entry where the leader has another",
            "StateMachineSafety",
            128,
            RAFT + "Following.java",
            "if (log.term(entry.index()) == entry.term()) {",
            "if (log.term(entry.index()) <= entry.term()) {"),
        mutant(
            "a follower commits what it has as far as the leader has committed",
            "StateMachineSafety",
            223,
            RAFT + "Replication.java",
            "Math.min(server.committed(), each.matched()),",
            "server.committed(),"),
        mutant(
            "an old message takes a commit back",
            "CommitNeverRegresses",
            49,
            RAFT + "Server.java",
            "committed = Math.max(committed, Math.min(index, log.lastIndex()));",
            "committed = Math.min(index, log.lastIndex());"),
        mutant(
            "a lease that is longer than followers wait",
            "AtMostOneLeaseHolder",
            278,
            RAFT + "RaftOptions.java",
            "return electionTimeoutNanos / 1000 * (1000 - driftPerMille);",
            "return electionTimeoutNanos / 1000 * (2000 - driftPerMille);"),
        mutant(
            "any replica reads without asking",
            HISTORY,
            20,
            REPLICA + "RaftReplica.java",
            "return until == Raft.ALWAYS\n",
            "return until != Raft.ALWAYS - 1\n"),
        mutant(
            "a read asks the group while later writes of its session are applied",
            "SessionsReadInOrder",
            115,
            REPLICA + "ReadPath.java",
            "} else if (call.conversation().lastWrite() == null || ofThePast(call)) {",
            "} else if (!writes.lost()) {"),
        mutant(
            "a read waits for a transaction's replies while later writes are applied",
            "SessionsReadInOrder",
            6,
            REPLICA + "Applier.java",
            "writes.applied(write);\n",
            "\n"));
  }

  private static List<Mutant> statesAndMemory() {
    return List.of(
        mutant(
            "a write is answered before it is durable",
            "NoAcknowledgedWriteLost",
            348,
            REPLICA + "PersistQueue.java",
            "return position <= (durable ? durablePosition : writtenPosition);",
            "return true;"),
        mutant(
            "writes are let in without bound",
            "BoundedQueues",
            93,
            REPLICA + "WritePath.java",
            "if (pendingBytes > 0 && pendingBytes + write.sizeBytes() > environment.pendingBytes()) {",
            "if (pendingBytes < 0) {"),
        mutant(
            "a flush that says it holds less than it does",
            "ReplicasIdentical",
            1,
            TREE + "Contents.java",
            "new Applied(publishedIndex, publishedTerm, attachment);",
            "new Applied(publishedIndex - 1, publishedTerm, attachment);"),
        mutant(
            "a flush that says it holds more than it does",
            "AppliedIndexEqualsTables",
            32,
            TREE + "Contents.java",
            "new Applied(publishedIndex, publishedTerm, attachment);",
            "new Applied(publishedIndex + 1, publishedTerm, attachment);"),
        mutant(
            "the log forgets what is committed and not applied",
            "AppliedIndexEqualsTables",
            46,
            REPLICA + "RaftReplica.java",
            "raft().applied(machine.appliedIndex());",
            "raft().applied(raft().committed());"),
        mutant(
            "the log forgets nothing",
            "BoundedLogs",
            36,
            RAFT + "Server.java",
            "log.forget(Math.min(applied, log.durableIndex()), unneeded, options.catchUpBytes());",
            ""),
        mutant(
            "a replica stamps what it applies by its own clock",
            "ReplicasIdentical",
            29,
            REPLICA + "Applier.java",
            "sessions.run(command.mutation(), index, store.begin(command.stamp()));",
            "sessions.run(command.mutation(), index, store.begin(clock.next()));"),
        mutant(
            "a write of a session is applied as often as it comes",
            "SessionsApplyOnce",
            26,
            REPLICA + "SessionWrites.java",
            "Mutation.InSession.ANSWER_NOT_KEPT : ReplyFormat.decode(answer);",
            "Mutation.InSession.ANSWER_NOT_KEPT : write.mutation().run(store);"),
        mutant(
            "a replica stamps what it applies by its own clock",
            "Contents",
            46,
            REPLICA + "Applier.java",
            "sessions.run(command.mutation(), index, store.begin(command.stamp()));",
            "sessions.run(command.mutation(), index, store.begin(clock.next()));"));
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void everyMutantIsCaughtByName(Mutant mutant) throws IOException, ReflectiveOperationException {
    LongFunction<@Nullable String> defective =
        new MutantLoader(MutantCompiler.compile(mutant)).seedRun();
    List<String> others = new ArrayList<>();
    for (long seed = mutant.firstSeed(); seed < mutant.firstSeed() + SEEDS; seed++) {
      String ended = defective.apply(seed);
      if (ended != null && ended.startsWith(mutant.caughtBy())) {
        String sound = new SeedRun().apply(seed);
        if (!SeedRun.TOO_LONG.equals(sound)) {
          System.out.println(mutant + " with seed " + seed + ": " + firstLine(ended));
          assertThat(sound).as("seed %d without the defect", seed).isNull();
          return;
        }
      } else if (ended != null) {
        others.add(seed + ": " + firstLine(ended));
      }
    }
    throw new AssertionError(
        "%s did not catch %s in %d seeds from %d on; the runs that ended otherwise: %s"
            .formatted(mutant.caughtBy(), mutant.name(), SEEDS, mutant.firstSeed(), others));
  }

  @Test
  void aMutantThatTheSourceHasOutgrownSaysWhichTextIsGone() {
    for (String text : List.of("no such text", "server")) {
      Mutant stale = mutant("stale", "Nothing", 1, RAFT + "Following.java", text, "");
      assertThatThrownBy(() -> MutantCompiler.compile(stale))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining(stale.file())
          .hasMessageContaining(text);
    }
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
