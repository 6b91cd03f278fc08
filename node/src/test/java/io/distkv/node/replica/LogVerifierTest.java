package io.distkv.node.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.command.CommandTable;
import io.distkv.node.keyspace.CatalogEntry;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.world.NodeTest;
import io.distkv.raft.Membership;
import io.distkv.raft.session.ClientSessions;
import io.distkv.raft.session.SessionLimits;
import io.distkv.storage.Damage;
import io.distkv.storage.manifest.Applied;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gaps are found in the life that a replica's tables belong to, and in no other. */
class LogVerifierTest extends NodeTest {
  private static final long JOURNAL_ID = 7;
  private static final ReplicaIdentity REPLICA =
      new ReplicaIdentity(new CatalogEntry(KeyspaceOptions.of(0, "default"), 1), 0);
  private final List<Damage> damages = new ArrayList<>();

  /** A journal with a gap in the replica's first life and one in its third. */
  @BeforeEach
  void writeJournal() throws IOException {
    JournalPen pen = new JournalPen(disk, JOURNAL_ID);
    pen.write(REPLICA, 1, new Mutation.TimePasses(), 1, 2, 4);
    pen.write(REPLICA, 2, new Mutation.TimePasses(), 10, 11);
    pen.write(REPLICA, 3, new Mutation.TimePasses(), 20, 21, 23);
  }

  private List<String> gaps(long appliedIndex, long installs) throws IOException {
    damages.clear();
    LogVerifier verifier = new LogVerifier(CommandTable.standard(), damages::add);
    verifier.read(disk, ReplicaGroup.directory(0), JOURNAL_ID);
    Attachment attachment =
        new Attachment(
            installs, 0, Membership.ofVoters(1), new ClientSessions(SessionLimits.DEFAULT));
    verifier.checkGap(REPLICA, new Applied(appliedIndex, 1, attachment.encode()));
    return damages.stream().map(Damage::toString).toList();
  }

  @Test
  void aGapInTheFirstLifeIsDamage() throws IOException {
    assertThat(gaps(0, 0)).singleElement().asString().contains("entry 4", "follows entry 2");
  }

  @Test
  void whatAnInstalledSnapshotHasEndedIsPassedOver() throws IOException {
    assertThat(gaps(9, 1)).isEmpty();
  }

  @Test
  void aGapBehindAnInstalledSnapshotIsDamage() throws IOException {
    assertThat(gaps(19, 2)).singleElement().asString().contains("entry 23", "follows entry 21");
  }

  @Test
  void aLogThatBeginsBehindTheSnapshotIsDamage() throws IOException {
    assertThat(gaps(8, 1))
        .singleElement()
        .asString()
        .contains("tables end at entry 8", "begins at 10");
  }

  @Test
  void aLifeThatHasWrittenNothingYetHasNoGap() throws IOException {
    assertThat(gaps(30, 3)).isEmpty();
  }

  @Test
  void whatBelongsToNoReplicaIsNamed() throws IOException {
    LogVerifier verifier = new LogVerifier(CommandTable.standard(), damages::add);
    verifier.checkGap(REPLICA, new Applied(0, 0, new byte[] {9}));
    assertThat(damages).singleElement().asString().contains("replicas/0-0-1", "version 9");
  }
}
