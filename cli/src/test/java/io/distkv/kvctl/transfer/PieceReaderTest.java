package io.distkv.kvctl.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.kvctl.Failure;
import io.distkv.kvctl.text.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PieceReaderTest {
  private static final FileFormat JSONL = new FileFormat.JsonLines();
  private static final FileFormat CSV = new FileFormat.Csv(',', null, true);

  private static InputBytes input(byte[] bytes) throws IOException {
    return new InputBytes(new ByteArrayInputStream(bytes));
  }

  private static List<Piece> read(FileFormat format, String latin1) throws IOException {
    byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
    List<Piece> pieces = new ArrayList<>();
    try (PieceReader reader = format.reader(input(bytes))) {
      for (Piece piece = reader.next(); piece != null; piece = reader.next()) {
        pieces.add(piece);
      }
    }
    return pieces;
  }

  private static String show(Piece piece) {
    Entry entry = piece.entry();
    String what =
        entry == null
            ? piece.isBlank() ? "blank" : "bad"
            : latin1(entry.key())
                + "="
                + latin1(entry.value())
                + (entry.ttlMillis() > 0 ? "/" + entry.ttlMillis() : "");
    return piece.firstLine() + "-" + piece.lastLine() + " " + what;
  }

  private static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"key":"a","value":"b"}                               | a=b
          {"value":"b","ttlMillis":5,"key":"a"}                 | a=b/5
          {"key":"a","value":"b","ttlMillis":null}              | a=b
          {"keyBase64":"AP8=","valueBase64":""}                 | \\x00\\xff=
          {"key":"a","value":{"x": 1.10, "y":[ 1 ]}}            | a={"x": 1.10, "y":[ 1 ]}
          {"key":"a","value":[1,{"b":"]"}] }                    | a=[1,{"b":"]"}]
          {"key":"a","value":1.50e3}                            | a=1.50e3
          {"key":"a","value":123456789012345678901234567890}    | a=123456789012345678901234567890
          {"key":"a","value":true}                              | a=true
          {"key":"","value":""}                                 | =
          {"key":"\\u00fc\\ud83d\\ude00","value":"\\n"}         | ü😀=\\n
          """)
  void goodLinesOfJson(String line, String expected) throws IOException {
    Piece piece;
    try (PieceReader reader = JSONL.reader(input(line.getBytes(StandardCharsets.UTF_8)))) {
      piece = Objects.requireNonNull(reader.next());
    }
    assertThat(piece.problem()).isNull();
    Entry entry = Objects.requireNonNull(piece.entry());
    String shown = Bytes.escape(entry.key()) + "=" + Bytes.escape(entry.value());
    assertThat(entry.ttlMillis() > 0 ? shown + "/" + entry.ttlMillis() : shown).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          nonsense                                       | not JSON
          {"key":"a","value":"b"                         | not JSON
          {"key":"a","value":"b"}}                       | not JSON
          {"key":"a","value":"b"} {"key":"c"}            | more than one
          ["key"]                                        | no JSON object
          {"key":"a"}                                    | no "value"
          {"value":"a"}                                  | no "key"
          {"key":1,"value":"a"}                          | "key" is no string
          {"key":"a","value":null}                       | "value" is null
          {"key":"a","keyBase64":"YQ==","value":"b"}     | on top of an earlier one
          {"key":"a","value":"b","value":"b"}            | on top of an earlier one
          {"key":"a","value":"b","ttl":5}                | unknown member "ttl"
          {"key":"a","value":"b","ttlMillis":"5"}        | whole number of milliseconds
          {"key":"a","value":"b","ttlMillis":1.5}        | whole number of milliseconds
          {"key":"a","value":"b","ttlMillis":0}          | whole number of milliseconds
          {"keyBase64":"?","value":"b"}                  | keyBase64 is not Base64
          {"key":"\\ud800","value":"b"}                  | half a surrogate pair
          {"key":"\u00ff","value":"b"}                   | not valid UTF-8
          """)
  void badLinesOfJson(String line, String reason) throws IOException {
    List<Piece> pieces = read(JSONL, line + "\n{\"key\":\"next\",\"value\":\"1\"}\n");
    assertThat(pieces.getFirst().problem()).contains(reason);
    assertThat(latin1(pieces.getFirst().raw())).isEqualTo(line + "\n");
    assertThat(show(pieces.getLast())).isEqualTo("2-2 next=1");
  }

  @Test
  void jsonLinesKnowTheirPlace() throws IOException {
    String text =
        "\u00ef\u00bb\u00bf{\"key\":\"a\",\"value\":\"1\"}\r\n\n  \r\nx\n{\"key\":\"b\",\"value\":\"2\"}";
    List<Piece> pieces = read(JSONL, text);
    assertThat(pieces)
        .extracting(PieceReaderTest::show)
        .containsExactly("1-1 a=1", "2-2 blank", "3-3 blank", "4-4 bad", "5-5 b=2");
    assertThat(pieces.getLast().end()).isEqualTo(text.length());
  }

  @Test
  void csvHasQuotesLineEndsInFieldsAndExactBytes() throws IOException {
    List<Piece> pieces =
        read(
            CSV,
            "key,value,ttlMillis\na,1,\nb,\"x,\"\"y\"\"\r\nz\",5\r\n\u00ff\u0000,\"\",\n\nc,3\n");
    assertThat(pieces)
        .extracting(PieceReaderTest::show)
        .containsExactly(
            "2-2 a=1", "3-4 b=x,\"y\"\r\nz/5", "5-5 \u00ff\u0000=", "6-6 blank", "7-7 c=3");
  }

  @Test
  void badRecordsOfCsvAreReportedAndReadingGoesOn() throws IOException {
    List<Piece> pieces =
        read(
            CSV,
            "key,value\na,1,2\nb\nc,x\"y\nd,\"q\"r\ne,\"two\nlines\"z\nf,6\ng,\"open\nto the end\n");
    assertThat(pieces)
        .extracting(PieceReaderTest::show)
        .containsExactly(
            "2-2 bad", "3-3 bad", "4-4 bad", "5-5 bad", "6-7 bad", "8-8 f=6", "9-10 bad");
    assertThat(pieces.getFirst().problem()).isEqualTo("3 fields where 2 are expected");
    assertThat(pieces.get(2).problem()).contains("a quote inside a field");
    assertThat(pieces.get(3).problem()).contains("text after a closing quote");
    assertThat(pieces.getLast().problem()).isEqualTo("the quote opened on line 9 is never closed");
    assertThat(latin1(pieces.get(4).raw())).isEqualTo("e,\"two\nlines\"z\n");
  }

  @Test
  void columnsMayBeNamedByHeaderOrOption() throws Exception {
    assertThat(read(CSV, "valueBase64,ttlMillis,keyBase64\nAA==,7,/w==\n"))
        .extracting(PieceReaderTest::show)
        .containsExactly("2-2 \u00ff=\u0000/7");
    FileFormat chosen =
        new FileFormat.Csv('\t', CsvColumns.of(List.of("-", "key", "value")), false);
    assertThat(read(chosen, "1\ta\tb\n"))
        .extracting(PieceReaderTest::show)
        .containsExactly("1-1 a=b");
    assertThat(read(new FileFormat.Csv(',', null, false), "a,b\nc,d,9\n"))
        .extracting(PieceReaderTest::show)
        .containsExactly("1-1 a=b", "2-2 c=d/9");
    assertThatThrownBy(() -> read(CSV, "id,name\n1,2\n"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("no column can be called 'id'")
        .hasMessageContaining("--columns");
    assertThat(read(CSV, "")).isEmpty();
  }

  /** From every piece's end, a new reader goes on exactly as the old one did. */
  @Test
  void readingCanGoOnFromAnyPiece() throws IOException {
    for (FileFormat format : List.of(JSONL, CSV)) {
      byte[] bytes = manyEntries(format);
      List<Piece> all = new ArrayList<>();
      try (PieceReader reader = format.reader(input(bytes))) {
        for (Piece piece = reader.next(); piece != null; piece = reader.next()) {
          all.add(piece);
        }
      }
      assertThat(all).hasSize(3_000);
      for (int i = 0; i < all.size() - 1; i += 97) {
        InputBytes in = input(bytes);
        PieceReader reader = format.reader(in);
        in.skipTo(all.get(i).end(), all.get(i).lastLine() + 1);
        Piece next = Objects.requireNonNull(reader.next());
        assertThat(show(next)).isEqualTo(show(all.get(i + 1)));
        assertThat(next.end()).isEqualTo(all.get(i + 1).end());
      }
    }
  }

  /** More than the reader's buffer, with line ends inside fields. */
  private static byte[] manyEntries(FileFormat format) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    EntryWriter writer =
        format.equals(JSONL)
            ? new EntryWriter.JsonLines(bytes, false)
            : new EntryWriter.Csv(bytes, ',', true, false);
    writer.begin();
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 3_000; i++) {
      byte[] value = new byte[random.nextInt(600)];
      random.nextBytes(value);
      writer.write(new Entry(("key\n" + i).getBytes(StandardCharsets.UTF_8), value, i));
    }
    return bytes.toByteArray();
  }

  @Test
  void whatIsWrittenIsReadBackByteForByte() throws IOException {
    for (int seed = 0; seed < 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] key = mixture(random);
      byte[] value = mixture(random);
      long ttl = random.nextInt(3);
      for (boolean json : new boolean[] {true, false}) {
        for (boolean base64 : new boolean[] {true, false}) {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          EntryWriter writer =
              json
                  ? new EntryWriter.JsonLines(bytes, base64)
                  : new EntryWriter.Csv(bytes, ';', true, base64);
          writer.begin();
          writer.write(new Entry(key, value, ttl));
          FileFormat format = json ? JSONL : new FileFormat.Csv(';', null, true);
          try (PieceReader reader = format.reader(input(bytes.toByteArray()))) {
            Piece piece = Objects.requireNonNull(reader.next());
            assertThat(piece.problem()).as("seed %d", seed).isNull();
            Entry entry = Objects.requireNonNull(piece.entry());
            assertThat(entry.key()).as("seed %d", seed).isEqualTo(key);
            assertThat(entry.value()).as("seed %d", seed).isEqualTo(value);
            assertThat(entry.ttlMillis()).isEqualTo(ttl);
            assertThat(reader.next()).isNull();
          }
        }
      }
    }
  }

  private static byte[] mixture(SplittableRandom random) {
    byte[] alphabet = {'a', '"', ',', ';', '\n', '\r', ' ', '\\', 0, (byte) 0xc3, (byte) 0xbc};
    byte[] bytes = new byte[random.nextInt(1, 12)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = alphabet[random.nextInt(alphabet.length)];
    }
    return bytes;
  }

  @Test
  void jsonMayBeDeepAndItsNamesLong() throws IOException {
    String deep = "[".repeat(2_000) + "]".repeat(2_000);
    String named = "{\"" + "n".repeat(100_000) + "\":1}";
    for (String value : List.of(deep, named)) {
      Piece piece = read(JSONL, "{\"key\":\"a\",\"value\":" + value + "}\n").getFirst();
      assertThat(piece.problem()).isNull();
      assertThat(latin1(Objects.requireNonNull(piece.entry()).value())).isEqualTo(value);
    }
    String abyss = "[".repeat(200_000) + "]".repeat(200_000);
    assertThat(read(JSONL, "{\"key\":\"a\",\"value\":" + abyss + "}\n").getFirst().problem())
        .contains("depth");
  }

  @Test
  void aRecordOfNothingButDelimitersIsBad() throws IOException {
    List<Piece> pieces = read(CSV, "key,value\n" + ",".repeat(300_000) + "\na,1\n");
    assertThat(pieces.getFirst().problem()).contains("more than 100000 fields");
    assertThat(pieces.stream().map(PieceReaderTest::show)).containsExactly("2-2 bad", "3-3 a=1");
  }
}
