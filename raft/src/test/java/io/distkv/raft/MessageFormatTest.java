package io.distkv.raft;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.base.MalformedBytesException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageFormatTest {
  private static final long FROM = 7;
  private static final long TO = 9;
  private static final long MOST = Long.MAX_VALUE;

  private static final Membership MEMBERS =
      new Membership(
          List.of(
              new Member(1, Member.Role.VOTER, -1),
              new Member(2, Member.Role.INCOMING, 5),
              new Member(MOST, Member.Role.LEARNER, 0)));

  private static byte[] encode(Message message) {
    ByteWriter writer = new ByteWriter(1);
    MessageFormat.encode(writer, message);
    return writer.toByteArray();
  }

  private static Message decode(byte[] bytes) {
    ByteReader reader = new ByteReader(bytes);
    Message message = MessageFormat.decode(reader, FROM, TO);
    assertThat(reader.remaining()).as("bytes behind %s", message).isZero();
    return message;
  }

  private static void assertSame(Message message, Message expected) {
    assertThat(message)
        .usingRecursiveComparison()
        .withEqualsForType(Arrays::equals, byte[].class)
        .isEqualTo(expected);
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static Entry entry(long term, long index, Entry.Kind kind, byte[] payload) {
    return new Entry(term, index, kind, payload);
  }

  private static Message append(long term, Position previous, Entry... entries) {
    return new Message.AppendRequest(FROM, TO, term, previous, List.of(entries), 130, 4);
  }

  private static Message.SnapshotPiece piece(long offset, byte[] bytes, boolean last) {
    SnapshotInfo snapshot = new SnapshotInfo(new Position(2, 300), MEMBERS);
    return new Message.SnapshotPiece(FROM, TO, 3, snapshot, 200, offset, bytes, last, 4);
  }

  /** A message and its bytes. */
  record Golden(Message message, String hex) {}

  /** One of each kind, and its bytes, which must stay what they are as long as nodes speak them. */
  static Stream<Golden> golden() {
    Position last = new Position(2, 300);
    return Stream.of(
        new Golden(new Message.PreVoteRequest(FROM, TO, 3, last), "01 03 02 ac02"),
        new Golden(new Message.PreVoteReply(FROM, TO, 3, false, last), "02 03 00 02 ac02"),
        new Golden(new Message.VoteRequest(FROM, TO, 3, last, true), "03 03 02 ac02 01"),
        new Golden(new Message.VoteReply(FROM, TO, 3, false), "04 03 00"),
        new Golden(
            append(
                3,
                last,
                entry(2, 301, Entry.Kind.COMMAND, "xyz".getBytes(UTF_8)),
                entry(3, 302, Entry.Kind.NOOP, new byte[0]),
                entry(
                    3,
                    303,
                    Entry.Kind.MEMBERSHIP,
                    MembershipFormat.encode(Membership.ofVoters(1)))),
            "05 03 02 ac02 8201 04 03 02 02 03 78797a 03 01 00 03 03 08 01 01 01 01 00000000"),
        new Golden(new Message.AppendReply(FROM, TO, 3, 300, 4), "06 03 ac02 04"),
        new Golden(new Message.AppendRefusal(FROM, TO, 3, 300, last, 4), "07 03 ac02 02 ac02 04"),
        new Golden(new Message.Heartbeat(FROM, TO, 3, 300, 4, 129, true), "08 03 ac02 04 8101 01"),
        new Golden(new Message.HeartbeatReply(FROM, TO, 3, 4), "09 03 04"),
        new Golden(
            piece(128, new byte[] {1, 2}, true),
            "0a 03 02 ac02 1c 01 03 01 01 ffffffff 02 02 05000000 ffffffffffffffff7f 05 00000000"
                + " c801 8001 02 0102 01 04"),
        new Golden(
            new Message.SnapshotReply(FROM, TO, 3, 300, 200, 128, true, 4),
            "0b 03 ac02 c801 8001 01 04"),
        new Golden(new Message.TimeoutNow(FROM, TO, 300), "0c ac02"),
        new Golden(new Message.ReadIndexRequest(FROM, TO, 3, 128), "0d 03 8001"),
        new Golden(new Message.ReadIndexReply(FROM, TO, 3, 128, 300), "0e 03 8001 ac02"));
  }

  @ParameterizedTest
  @MethodSource("golden")
  void theFormatStaysWhatItIs(Golden golden) {
    assertThat(HexFormat.of().formatHex(encode(golden.message())))
        .isEqualTo(golden.hex().replace(" ", ""));
    assertSame(decode(bytes(golden.hex())), golden.message());
  }

  @Test
  void everyKindHasItsGoldenBytes() {
    List<Class<?>> kinds = golden().<Class<?>>map(each -> each.message().getClass()).toList();
    assertThat(kinds).doesNotHaveDuplicates().containsExactlyInAnyOrder(kinds());
  }

  private static Class<?>[] kinds() {
    return Message.class.getPermittedSubclasses();
  }

  /** Each kind with the smallest numbers it can have and with the largest. */
  static Stream<Message> edges() {
    List<Message> messages = new ArrayList<>();
    for (long n : new long[] {0, 127, 128, MOST}) {
      Position position = new Position(n, n);
      messages.add(new Message.PreVoteRequest(FROM, TO, n, position));
      messages.add(new Message.AppendReply(FROM, TO, n, n, n));
      messages.add(new Message.AppendRefusal(FROM, TO, n, n, position, n));
      messages.add(new Message.HeartbeatReply(FROM, TO, n, n));
      messages.add(new Message.TimeoutNow(FROM, TO, n));
      messages.add(new Message.ReadIndexRequest(FROM, TO, n, n));
      messages.add(new Message.ReadIndexReply(FROM, TO, n, -n, n));
      messages.add(new Message.AppendRequest(FROM, TO, n, position, List.of(), n, n));
      for (boolean flag : new boolean[] {true, false}) {
        messages.add(new Message.PreVoteReply(FROM, TO, n, flag, position));
        messages.add(new Message.VoteRequest(FROM, TO, n, position, flag));
        messages.add(new Message.VoteReply(FROM, TO, n, flag));
        messages.add(new Message.Heartbeat(FROM, TO, n, n, n, n, flag));
        messages.add(new Message.SnapshotReply(FROM, TO, n, n, n, n, flag, n));
      }
    }
    messages.add(append(MOST, Position.NONE, entry(1, 1, Entry.Kind.COMMAND, new byte[0])));
    messages.add(append(1, Position.NONE, entry(1, 1, Entry.Kind.COMMAND, new byte[3 << 20])));
    Position beforeLast = new Position(MOST, MOST - 1);
    messages.add(append(MOST, beforeLast, entry(MOST, MOST, Entry.Kind.NOOP, new byte[0])));
    messages.add(piece(0, new byte[0], false));
    messages.add(piece(MOST - (3 << 20), new byte[3 << 20], true));
    return messages.stream();
  }

  @Test
  void everyMessageComesBackFromItsBytes() {
    assertThat(edges().map(Object::getClass).distinct()).containsExactlyInAnyOrder(kinds());
    edges().forEach(message -> assertSame(decode(encode(message)), message));
  }

  @Test
  void messagesFollowOneAnother() {
    ByteWriter writer = new ByteWriter(1);
    golden().forEach(each -> MessageFormat.encode(writer, each.message()));
    ByteReader reader = new ByteReader(writer.toByteArray());
    golden().forEach(each -> assertSame(MessageFormat.decode(reader, FROM, TO), each.message()));
    assertThat(reader.remaining()).isZero();
  }

  @ParameterizedTest
  @MethodSource("golden")
  void whatIsCutShortIsNoMessage(Golden golden) {
    byte[] whole = bytes(golden.hex());
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> decode(part))
          .as("%d bytes of %s", length, golden)
          .isInstanceOf(MalformedBytesException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // No such kind.
        "00 03",
        "0f 03",
        // A term over 63 bits; a round that is.
        "0c ffffffffffffffffff01",
        "09 03 80808080808080808001",
        // Neither yes nor no.
        "04 03 02",
        // More entries than there are bytes; more than memory has room for; with a payload that is.
        "05 03 02 ac02 8201 04 02 02 01 00",
        "05 03 02 ac02 8201 04 ffffffff07",
        "05 03 02 ac02 8201 04 ffffffff0f 02 01 00",
        "05 03 02 ac02 8201 04 01 02 02 ffffffff07",
        // An entry of no kind, of term 0, of a term below the one before, or above the leader's.
        "05 03 02 ac02 8201 04 01 02 04 00",
        "05 03 00 00 8201 04 01 00 01 00",
        "05 03 02 ac02 8201 04 01 01 01 00",
        "05 03 02 ac02 8201 04 02 03 01 00 02 01 00",
        "05 03 02 ac02 8201 04 01 04 01 00",
        // One behind the last index.
        "05 03 02 ffffffffffffffff7f 8201 04 01 02 01 00",
        // Memberships without members, or of another version.
        "05 03 02 ac02 8201 04 01 02 03 02 01 00",
        "0a 03 02 ac02 02 01 00 01 00 00 01 04",
        "0a 03 02 ac02 08 02 01 01 01 00000000 01 00 00 01 04",
        // A piece that ends where no offset does.
        "0a 03 02 ac02 08 01 01 01 01 00000000 01 ffffffffffffffff7f 01 00 01 04",
      })
  void whatNoServerCanMeanIsNoMessage(String hex) {
    assertThatThrownBy(() -> decode(bytes(hex))).isInstanceOf(MalformedBytesException.class);
  }

  @Test
  void anyBytesAreAMessageOrAreRefused() {
    SplittableRandom random = new SplittableRandom(5);
    int messages = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      if (bytes.length > 0) {
        bytes[0] = (byte) random.nextInt(16);
      }
      messages += isMessage(bytes) ? 1 : 0;
    }
    assertThat(messages).as("messages by chance").isBetween(2_500, 47_500);
  }

  @Test
  void damagedMessagesAreOtherMessagesOrAreRefused() {
    SplittableRandom random = new SplittableRandom(6);
    List<byte[]> sound = golden().map(each -> bytes(each.hex())).toList();
    int messages = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = sound.get(random.nextInt(sound.size())).clone();
      for (int n = random.nextInt(3); n >= 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      messages += isMessage(bytes) ? 1 : 0;
    }
    assertThat(messages).as("messages in spite of the damage").isBetween(2_500, 47_500);
  }

  /** Whether bytes begin with a message; if so, it means the same when it is sent on. */
  private static boolean isMessage(byte[] bytes) {
    Message message;
    try {
      message = MessageFormat.decode(new ByteReader(bytes), FROM, TO);
    } catch (MalformedBytesException e) {
      return false;
    } catch (RuntimeException e) {
      throw new AssertionError("bytes " + HexFormat.of().formatHex(bytes), e);
    }
    byte[] again = encode(message);
    if (!Arrays.equals(encode(decode(again)), again)) {
      throw new AssertionError("bytes " + HexFormat.of().formatHex(bytes) + " as " + message);
    }
    return true;
  }
}
