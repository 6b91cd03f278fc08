package io.distkv.node.command;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Prints replies as either version of the protocol does; bytes as ISO 8859-1 characters. */
final class RespText {
  private final int version;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private RespText(int version) {
    this.version = version;
  }

  static String of(Reply reply, int version) {
    RespText text = new RespText(version);
    text.print(reply);
    return text.out.toString(StandardCharsets.ISO_8859_1);
  }

  private void line(String line) {
    out.writeBytes((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  private void bulk(byte[] bytes, int offset, int length) {
    line("$" + length);
    out.write(bytes, offset, length);
    line("");
  }

  private void bulk(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    bulk(bytes, 0, bytes.length);
  }

  private void list(char kind, int length, List<Reply> elements) {
    line(kind + "" + length);
    elements.forEach(this::print);
  }

  private void print(Reply reply) {
    boolean third = version == 3;
    switch (reply) {
      case Reply.Simple simple -> line("+" + simple.text());
      case Reply.Failure failure -> line("-" + failure.line());
      case Reply.Int number -> line(":" + number.value());
      case Reply.Decimal number -> bulk(Long.toString(number.value()));
      case Reply.Bulk bulk -> bulk(bulk.array(), bulk.offset(), bulk.length());
      case Reply.Null nothing -> line(third ? "_" : "$-1");
      case Reply.NullArray nothing -> line(third ? "_" : "*-1");
      case Reply.Array array -> list('*', array.elements().size(), array.elements());
      case Reply.Pairs pairs ->
          list(
              third ? '%' : '*',
              third ? pairs.flat().size() / 2 : pairs.flat().size(),
              pairs.flat());
      case Reply.Members members ->
          list(third ? '~' : '*', members.elements().size(), members.elements());
      case Reply.Push push -> list(third ? '>' : '*', push.elements().size(), push.elements());
      case Reply.Bool bool -> line(third ? bool.value() ? "#t" : "#f" : bool.value() ? ":1" : ":0");
      case Reply.Real real -> {
        if (third) {
          line("," + real.value());
        } else {
          bulk(Double.toString(real.value()));
        }
      }
      case Reply.Verbatim verbatim -> {
        if (third) {
          line("=" + (verbatim.text().length() + 4));
          line(verbatim.format() + ":" + verbatim.text());
        } else {
          bulk(verbatim.text());
        }
      }
    }
  }
}
