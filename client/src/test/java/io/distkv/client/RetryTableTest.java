package io.distkv.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.client.AttemptEnd.Reach;
import io.distkv.client.RetryTable.Kind;
import io.distkv.client.RetryTable.Verdict;
import io.grpc.Status;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The table in {@link RetryTable}, row by row, and what must hold of all of it. */
class RetryTableTest {

  private static AttemptEnd end(Status.Code status, @Nullable ErrorCode code, Reach reach) {
    return new AttemptEnd(status, code, "why", 0, 0, reach, null);
  }

  private static void judged(AttemptEnd end, Verdict read, Verdict write) {
    assertThat(RetryTable.judge(end, Kind.READ)).as("read, %s", end).isEqualTo(read);
    assertThat(RetryTable.judge(end, Kind.WRITE)).as("write, %s", end).isEqualTo(write);
  }

  @ParameterizedTest
  @CsvSource({
    "OVERLOADED, RETRY, RETRY",
    "NOT_LEADER, RETRY, RETRY",
    "STALE_TOPOLOGY, RETRY, RETRY",
    "NO_QUORUM, RETRY, UNKNOWN",
    "TIMEOUT, FAIL, UNKNOWN",
    "INTERNAL, FAIL, UNKNOWN",
    "INVALID_ARGUMENT, FAIL, FAIL",
    "NOT_FOUND, FAIL, FAIL",
    "VERSION_MISMATCH, FAIL, FAIL",
    "TOO_LARGE, FAIL, FAIL",
    "UNAUTHENTICATED, FAIL, FAIL",
    "PERMISSION_DENIED, FAIL, FAIL",
    "READ_ONLY, FAIL, FAIL",
    "DISK_FULL, FAIL, FAIL",
    "CORRUPTION, FAIL, FAIL",
    "HISTORY_GONE, FAIL, FAIL",
  })
  void theNodesWordCountsWhateverTheStatus(ErrorCode code, Verdict read, Verdict write) {
    for (Status.Code status : Status.Code.values()) {
      judged(end(status, code, Reach.ANSWERED), read, write);
    }
  }

  @Test
  void whatWasNotSentMayBeSentAgainIfThatHelps() {
    for (Status.Code status : Status.Code.values()) {
      Verdict both = status == Status.Code.UNAVAILABLE ? Verdict.RETRY : Verdict.FAIL;
      judged(end(status, null, Reach.NOT_SENT), both, both);
    }
  }

  @Test
  void aBrokenStreamIsReadAgainAndNeverWrittenAgain() {
    Set<Status.Code> broken =
        EnumSet.of(Status.Code.UNAVAILABLE, Status.Code.CANCELLED, Status.Code.INTERNAL);
    for (Status.Code status : Status.Code.values()) {
      judged(
          end(status, null, Reach.SENT),
          broken.contains(status) ? Verdict.RETRY : Verdict.FAIL,
          Verdict.UNKNOWN);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, RETRY, UNKNOWN",
    "INVALID_ARGUMENT, FAIL, FAIL",
    "UNAUTHENTICATED, FAIL, FAIL",
    "PERMISSION_DENIED, FAIL, FAIL",
    "UNIMPLEMENTED, FAIL, FAIL",
    "RESOURCE_EXHAUSTED, FAIL, FAIL",
    "INTERNAL, FAIL, UNKNOWN",
    "CANCELLED, FAIL, UNKNOWN",
    "DEADLINE_EXCEEDED, FAIL, UNKNOWN",
    "UNKNOWN, FAIL, UNKNOWN",
    "DATA_LOSS, FAIL, UNKNOWN",
    "ABORTED, FAIL, UNKNOWN",
  })
  void anAnswerWithoutACodeIsTakenByItsStatus(Status.Code status, Verdict read, Verdict write) {
    judged(end(status, null, Reach.ANSWERED), read, write);
  }

  /** The rule behind the table. */
  @ParameterizedTest
  @EnumSource(Status.Code.class)
  void aReadIsNeverUnknownAndAWriteThatMayHaveHappenedIsNeverTriedAgain(Status.Code status) {
    for (Reach reach : Reach.values()) {
      AttemptEnd end = end(status, null, reach);
      assertThat(RetryTable.judge(end, Kind.READ)).isNotEqualTo(Verdict.UNKNOWN);
      if (reach != Reach.NOT_SENT) {
        assertThat(RetryTable.judge(end, Kind.WRITE)).isNotEqualTo(Verdict.RETRY);
      }
    }
  }
}
