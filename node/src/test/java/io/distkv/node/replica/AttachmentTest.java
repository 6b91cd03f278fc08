package io.distkv.node.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.base.MalformedBytesException;
import io.distkv.raft.Membership;
import io.distkv.raft.session.ClientSessions;
import io.distkv.raft.session.SessionLimits;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class AttachmentTest {
  private static final Membership FIRST = Membership.ofVoters(7);
  private static final String NO_SESSIONS = "01 00 ac02 08 01 01 09 01 00000000 00";
  private static final String NO_MEMBERS = "01 00 00 00 08 01 01 05 e807 00 00 00";
  private static final String BOTH = "01 00 ac02 08 01 01 09 01 00000000 08 01 01 05 e807 00 00 00";

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static Attachment withSession(Attachment attachment) {
    attachment.sessions().register(5, 1_000);
    return attachment;
  }

  private static Attachment none() {
    return Attachment.of(new byte[0], FIRST);
  }

  @Test
  void aReplicaWithItsFirstMembersAndNoSessionsHasNone() {
    assertThat(none().membership()).isEqualTo(FIRST);
    assertThat(none().encode()).isEmpty();
    Attachment ended = withSession(none());
    ended.sessions().expire(Long.MAX_VALUE);
    assertThat(ended.encode()).isEmpty();
  }

  @Test
  void theFormatStaysWhatItIs() {
    Membership later = Membership.ofVoters(9);
    assertThat(none().withMembers(300, later).encode()).isEqualTo(bytes(NO_SESSIONS));
    assertThat(withSession(none()).encode()).isEqualTo(bytes(NO_MEMBERS));
    assertThat(withSession(none()).withMembers(300, later).encode()).isEqualTo(bytes(BOTH));
    for (String hex : new String[] {NO_SESSIONS, NO_MEMBERS, BOTH}) {
      assertThat(Attachment.of(bytes(hex), FIRST).encode()).isEqualTo(bytes(hex));
    }
    assertThat(Attachment.of(bytes(NO_MEMBERS), FIRST).membership()).isEqualTo(FIRST);
    assertThat(Attachment.of(bytes(BOTH), FIRST).membership()).isEqualTo(later);
    assertThat(Attachment.of(bytes(BOTH), FIRST).membershipIndex()).isEqualTo(300);
  }

  @Test
  void anInstalledSnapshotBeginsANewIncarnation() {
    Attachment second = none().installedAfter(none()).installedAfter(none().installedAfter(none()));
    assertThat(second.installs()).isEqualTo(2);
    assertThat(second.membership()).isEqualTo(FIRST);
    assertThat(Attachment.of(second.encode(), FIRST).installs()).isEqualTo(2);
  }

  @Test
  void whateverIsNoneIsRefused() {
    byte[] whole = bytes(BOTH);
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Attachment.of(cut, FIRST))
          .isInstanceOf(MalformedBytesException.class);
    }
    refused(BOTH + "00", "1 bytes behind an attachment");
    refused("02 00 00 00 00", "an attachment of version 2");
    refused("01 00 00 08 01 01 09 01 00000000 00", "8 bytes of members of entry 0");
    refused("01 00 05 00 00", "0 bytes of members of entry 5");
  }

  private static void refused(String hex, String why) {
    assertThatThrownBy(() -> Attachment.of(bytes(hex), FIRST))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessage(why);
  }

  /** The largest that a replica can come to: what each flush may have to store. */
  @Test
  void itNeverTakesMuch() {
    ClientSessions sessions = none().sessions();
    for (long id = 1; id <= SessionLimits.DEFAULT.sessions(); id++) {
      sessions.register(id, id);
      for (long sequence = 1; sequence < SessionLimits.DEFAULT.window(); sequence += 2) {
        sessions.decide(id, sequence, 0, id);
        sessions.remember(id, sequence, new byte[SessionLimits.DEFAULT.answerBytes()]);
      }
    }
    Attachment attachment = new Attachment(0, 0, FIRST, sessions);
    assertThat(attachment.encode().length).isBetween(1_100_000, 1_300_000);
  }
}
