package io.distkv.bench.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** That every side still runs and is measured alike; figures are none of its business. */
class SidesTest {
  private static final int PROPOSALS = 1_000;
  private static final int MOST_SECONDS = 120;

  /** They tell at length what they think of each other while they are closed one by one. */
  @BeforeAll
  static void silencePeers() {
    for (String peer : List.of("org.apache.ratis", "com.alipay")) {
      ((Logger) LoggerFactory.getLogger(peer)).setLevel(Level.OFF);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everySideCommitsWhatIsProposed(Side side, @TempDir Path folder) throws Exception {
    Contender contender = side.newContender();
    contender.open(folder);
    Result result;
    try {
      result = new Load(contender, 256, 64).run(side.toString(), MOST_SECONDS, PROPOSALS);
    } finally {
      contender.close();
    }
    assertThat(result.values().values()).hasSize(4).allMatch(value -> value > 0);
  }

  @Test
  void theLoadEndsAtItsBoundWithNothingInFlight() throws Exception {
    AtomicInteger proposed = new AtomicInteger();
    Load load =
        new Load(
            new Immediate() {
              @Override
              public void propose(byte[] payload, Proposal proposal) {
                proposed.incrementAndGet();
                proposal.committed();
              }
            },
            256,
            64);
    load.run("first", MOST_SECONDS, PROPOSALS);
    load.run("second", MOST_SECONDS, 10);
    assertThat(proposed).hasValue(PROPOSALS + 10);
  }

  @Test
  void aProposalThatFailsEndsTheRun() {
    Load load =
        new Load(
            new Immediate() {
              @Override
              public void propose(byte[] payload, Proposal proposal) {
                proposal.failed("no leader");
              }
            },
            256,
            64);
    assertThatThrownBy(() -> load.run("failing", MOST_SECONDS, PROPOSALS)).hasMessage("no leader");
  }

  private abstract static class Immediate implements Contender {
    @Override
    public void open(Path folder) {}

    @Override
    public void close() {}
  }

  @Test
  void resultsGoFromProcessToProcessAndHaveMedians() {
    List<Result> results =
        List.of(
            Result.ofLine("result 3 1 30 0.1"),
            Result.ofLine("result 1 2 10 0.3"),
            Result.ofLine("result 2 3 20 0.2"));
    assertThat(Result.median(results)).isEqualTo(Result.ofLine("result 2 2 20 0.2"));
    Result first = results.getFirst();
    assertThat(Result.ofLine(first.toLine())).isEqualTo(first);
    assertThatThrownBy(() -> Result.ofLine("result 1 2 3"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
