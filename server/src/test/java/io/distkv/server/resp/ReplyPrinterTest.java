package io.distkv.server.resp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReplyPrinterTest {

  static Stream<Arguments> replies() {
    Reply key = Reply.bulk("k");
    Reply one = Reply.ONE;
    return Stream.of(
        Arguments.of(Reply.OK, "+OK\r\n", "+OK\r\n"),
        Arguments.of(new Reply.Simple("PONG"), "+PONG\r\n", "+PONG\r\n"),
        Arguments.of(
            Errors.of(ErrorCode.INVALID_ARGUMENT, "no\r\nway"),
            "-ERR no  way\r\n",
            "-ERR no  way\r\n"),
        Arguments.of(Reply.of(0), ":0\r\n", ":0\r\n"),
        Arguments.of(Reply.of(-17), ":-17\r\n", ":-17\r\n"),
        Arguments.of(
            Reply.of(Long.MAX_VALUE), ":9223372036854775807\r\n", ":9223372036854775807\r\n"),
        Arguments.of(
            Reply.of(Long.MIN_VALUE), ":-9223372036854775808\r\n", ":-9223372036854775808\r\n"),
        Arguments.of(Reply.bulk("hello"), "$5\r\nhello\r\n", "$5\r\nhello\r\n"),
        Arguments.of(
            new Reply.Bulk("xhellox".getBytes(UTF_8), 1, 5), "$5\r\nhello\r\n", "$5\r\nhello\r\n"),
        Arguments.of(Reply.EMPTY_BULK, "$0\r\n\r\n", "$0\r\n\r\n"),
        Arguments.of(Reply.NULL, "$-1\r\n", "_\r\n"),
        Arguments.of(Reply.NULL_ARRAY, "*-1\r\n", "_\r\n"),
        Arguments.of(Reply.EMPTY_ARRAY, "*0\r\n", "*0\r\n"),
        Arguments.of(
            Reply.array(key, Reply.NULL, Reply.array(one)),
            "*3\r\n$1\r\nk\r\n$-1\r\n*1\r\n:1\r\n",
            "*3\r\n$1\r\nk\r\n_\r\n*1\r\n:1\r\n"),
        Arguments.of(
            new Reply.Pairs(List.of(key, one)),
            "*2\r\n$1\r\nk\r\n:1\r\n",
            "%1\r\n$1\r\nk\r\n:1\r\n"),
        Arguments.of(
            new Reply.Members(List.of(key, one)),
            "*2\r\n$1\r\nk\r\n:1\r\n",
            "~2\r\n$1\r\nk\r\n:1\r\n"),
        Arguments.of(
            new Reply.Push(List.of(key, one)),
            "*2\r\n$1\r\nk\r\n:1\r\n",
            ">2\r\n$1\r\nk\r\n:1\r\n"),
        Arguments.of(
            new Reply.Decimal(Long.MAX_VALUE),
            "$19\r\n9223372036854775807\r\n",
            "$19\r\n9223372036854775807\r\n"),
        Arguments.of(new Reply.Real(1.5), "$3\r\n1.5\r\n", ",1.5\r\n"),
        Arguments.of(new Reply.Real(-3), "$2\r\n-3\r\n", ",-3\r\n"),
        Arguments.of(new Reply.Real(Double.POSITIVE_INFINITY), "$3\r\ninf\r\n", ",inf\r\n"),
        Arguments.of(new Reply.Real(Double.NEGATIVE_INFINITY), "$4\r\n-inf\r\n", ",-inf\r\n"),
        Arguments.of(new Reply.Real(Double.NaN), "$3\r\nnan\r\n", ",nan\r\n"),
        Arguments.of(new Reply.Bool(true), ":1\r\n", "#t\r\n"),
        Arguments.of(new Reply.Bool(false), ":0\r\n", "#f\r\n"),
        Arguments.of(
            new Reply.Verbatim("txt", "héllo"), "$6\r\nhéllo\r\n", "=10\r\ntxt:héllo\r\n"));
  }

  @ParameterizedTest
  @MethodSource("replies")
  void bothVersions(Reply reply, String second, String third) {
    assertThat(print(reply, 2)).isEqualTo(second);
    assertThat(print(reply, 3)).isEqualTo(third);
  }

  private static String print(Reply reply, int version) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ReplyPrinter().print(reply, version, out::write);
    return out.toString(UTF_8);
  }
}
