package io.distkv.node.replica;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.base.ErrorCode;
import io.distkv.base.MalformedBytesException;
import io.distkv.node.command.Reply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReplyFormatTest {
  private static final int ENOUGH = 1_000;

  /** A reply and its bytes. */
  record Golden(Reply reply, String hex) {}

  /** One of each kind, and its bytes, which must stay what they are as long as they are stored. */
  static Stream<Golden> golden() {
    return Stream.of(
        new Golden(new Reply.Simple("OK"), "01 02 4f4b"),
        new Golden(new Reply.Simple("é"), "01 01 e9"),
        new Golden(new Reply.Failure(ErrorCode.TIMEOUT, "T x"), "02 09 03 542078"),
        new Golden(new Reply.Int(-2), "03 feffffffffffffff"),
        new Golden(new Reply.Bulk(" abc".getBytes(US_ASCII), 1, 2), "04 02 6162"),
        new Golden(new Reply.Null(), "05"),
        new Golden(new Reply.NullArray(), "06"),
        new Golden(
            new Reply.Array(List.of(Reply.NULL, Reply.array(Reply.OK))),
            "07 02 05 07 01 01 02 4f4b"),
        new Golden(new Reply.Pairs(List.of(Reply.NULL, Reply.NULL_ARRAY)), "08 02 05 06"),
        new Golden(new Reply.Members(List.of()), "09 00"),
        new Golden(new Reply.Real(1.5), "0a 000000000000f83f"),
        new Golden(new Reply.Bool(false), "0b"),
        new Golden(new Reply.Bool(true), "0c"),
        new Golden(new Reply.Decimal(Long.MAX_VALUE), "0d ffffffffffffff7f"));
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  @ParameterizedTest
  @MethodSource("golden")
  void theFormatStaysWhatItIs(Golden golden) {
    assertThat(ReplyFormat.encode(golden.reply(), ENOUGH)).isEqualTo(bytes(golden.hex()));
    Reply back = ReplyFormat.decode(bytes(golden.hex()));
    assertThat(back).hasSameClassAs(golden.reply());
    assertThat(ReplyFormat.encode(back, ENOUGH)).isEqualTo(bytes(golden.hex()));
    if (back instanceof Reply.Bulk bulk) {
      assertThat(new String(bulk.array(), bulk.offset(), bulk.length(), US_ASCII)).isEqualTo("ab");
    } else {
      assertThat(back).isEqualTo(golden.reply());
    }
  }

  @Test
  void everyKindHasItsGoldenBytesOrNoForm() {
    Reply text = new Reply.Verbatim("txt", "text");
    Reply push = new Reply.Push(List.of());
    for (Reply without : List.of(text, push, Reply.array(Reply.OK, text))) {
      assertThat(ReplyFormat.encode(without, Integer.MAX_VALUE - 1)).isNull();
    }
    List<Class<?>> seen = new ArrayList<>();
    golden().forEach(each -> seen.add(each.reply().getClass()));
    seen.addAll(List.of(text.getClass(), push.getClass()));
    assertThat(seen).contains(Reply.class.getPermittedSubclasses());
  }

  @Test
  void everyErrorHasItsNumber() {
    List<ErrorCode> byNumber =
        List.of(
            ErrorCode.INVALID_ARGUMENT,
            ErrorCode.NOT_FOUND,
            ErrorCode.VERSION_MISMATCH,
            ErrorCode.TOO_LARGE,
            ErrorCode.NO_QUORUM,
            ErrorCode.NOT_LEADER,
            ErrorCode.STALE_TOPOLOGY,
            ErrorCode.OVERLOADED,
            ErrorCode.TIMEOUT,
            ErrorCode.UNAUTHENTICATED,
            ErrorCode.PERMISSION_DENIED,
            ErrorCode.READ_ONLY,
            ErrorCode.DISK_FULL,
            ErrorCode.CORRUPTION,
            ErrorCode.INTERNAL,
            ErrorCode.HISTORY_GONE);
    assertThat(byNumber).containsExactlyInAnyOrder(ErrorCode.values());
    for (int i = 0; i < byNumber.size(); i++) {
      Reply failure = new Reply.Failure(byNumber.get(i), "X");
      byte[] bytes = {2, (byte) (i + 1), 1, 'X'};
      assertThat(ReplyFormat.encode(failure, ENOUGH)).isEqualTo(bytes);
      assertThat(ReplyFormat.decode(bytes)).isEqualTo(failure);
    }
  }

  @Test
  void whatIsLargerThanWantedIsNotEncoded() {
    golden()
        .forEach(each -> {
          int size = bytes(each.hex()).length;
          assertThat(ReplyFormat.encode(each.reply(), size)).as("%s", each).hasSize(size);
          assertThat(ReplyFormat.encode(each.reply(), size - 1)).as("%s", each).isNull();
        });
  }

  @Test
  void listsWithinListsHaveAnEnd() {
    Reply deep = Reply.NULL;
    for (int depth = 0; depth < 16; depth++) {
      deep = Reply.array(deep);
    }
    byte[] bytes = ReplyFormat.encode(deep, ENOUGH);
    assertThat(bytes).hasSize(33);
    assertThat(ReplyFormat.decode(bytes("0701".repeat(16) + "05"))).isEqualTo(deep);
    assertThat(ReplyFormat.encode(Reply.array(deep), ENOUGH)).isNull();
    refused("0701".repeat(17) + "05", "a list of 1 replies at depth 16");
    refused("0701".repeat(100_000), "a list of 1 replies at depth 16");
  }

  @Test
  void whateverIsNoReplyIsRefused() {
    golden()
        .forEach(each -> {
          byte[] whole = bytes(each.hex());
          for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> ReplyFormat.decode(cut))
                .isInstanceOf(MalformedBytesException.class);
          }
          refused(each.hex() + "00", "1 bytes behind a reply");
        });
    refused("00", "unknown kind of reply 0");
    refused("0e", "unknown kind of reply 14");
    refused("02 00 00", "no error has the number 0");
    refused("02 11 00", "no error has the number 17");
    refused("07 ffffffff0f", "a list of -1 replies at depth 0");
    refused("07 ffffff7f", "a list of 268435455 replies at depth 0");
  }

  private static void refused(String hex, String why) {
    assertThatThrownBy(() -> ReplyFormat.decode(bytes(hex)))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessage(why);
  }

  @Test
  void randomBytesNeverEndInAnotherException() {
    List<byte[]> valid = golden().map(each -> bytes(each.hex())).toList();
    for (long seed = 0; seed < 20_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = valid.get(random.nextInt(valid.size())).clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      try {
        byte[] again = ReplyFormat.encode(ReplyFormat.decode(bytes), ENOUGH);
        assertThat(again).as("seed %d", seed).isNotNull();
      } catch (MalformedBytesException expected) {
        assertThat(expected).as("seed %d", seed).hasMessageNotContaining("null");
      }
    }
  }
}
