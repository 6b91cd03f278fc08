package io.distkv.server.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestParserTest {
  private static final RequestLimits SMALL = new RequestLimits(1024, 4096, 10_000, 256);

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  /** Everything a parser finds when it is fed pieces cut at the given places. */
  private static List<List<String>> parse(RequestLimits limits, byte[] stream, int... cuts)
      throws ProtocolException {
    RequestParser parser = new RequestParser(limits);
    List<List<String>> found = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= cuts.length; i++) {
      int end = i < cuts.length ? cuts[i] : stream.length;
      while (start < end) {
        start = parser.parse(stream, start, end);
        byte[][] request = parser.take();
        if (request != null) {
          found.add(texts(request));
        }
      }
    }
    return found;
  }

  private static List<String> texts(byte[][] request) {
    List<String> words = new ArrayList<>();
    for (byte[] word : request) {
      words.add(new String(word, ISO_8859_1));
    }
    return words;
  }

  private static byte[] frame(List<String> words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(bytes("*" + words.size() + "\r\n"));
    for (String word : words) {
      out.writeBytes(bytes("$" + word.length() + "\r\n" + word + "\r\n"));
    }
    return out.toByteArray();
  }

  @Test
  void everySplitPointOfAStreamGivesTheSameRequests() throws ProtocolException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(frame(List.of("SET", "k", "hello\r\nworld")));
    all.writeBytes(bytes("PING\r\n\r\n*0\r\n*-1\r\n"));
    all.writeBytes(frame(List.of("GET", "")));
    all.writeBytes(bytes("set \"a b\" 'c d'\n"));
    all.writeBytes(frame(List.of("PING")));
    byte[] stream = all.toByteArray();
    List<List<String>> expected =
        List.of(
            List.of("SET", "k", "hello\r\nworld"),
            List.of("PING"),
            List.of("GET", ""),
            List.of("set", "a b", "c d"),
            List.of("PING"));
    for (int first = 0; first <= stream.length; first++) {
      for (int second = first; second <= stream.length; second++) {
        assertThat(parse(SMALL, stream, first, second))
            .as("cut at %d and %d", first, second)
            .isEqualTo(expected);
      }
    }
    int[] everywhere = new int[stream.length - 1];
    for (int i = 0; i < everywhere.length; i++) {
      everywhere[i] = i + 1;
    }
    assertThat(parse(SMALL, stream, everywhere)).isEqualTo(expected);
  }

  @Test
  void randomPipelinesInRandomPieces() throws ProtocolException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    RequestLimits limits = new RequestLimits(1024, 200_000, 1_000_000, 64 * 1024);
    for (int round = 0; round < 200; round++) {
      List<List<String>> expected = new ArrayList<>();
      ByteArrayOutputStream stream = new ByteArrayOutputStream();
      for (int i = random.nextInt(20); i >= 0; i--) {
        List<String> words = new ArrayList<>();
        for (int j = random.nextInt(6); j >= 0; j--) {
          byte[] word =
              new byte[random.nextInt(20) == 0 ? random.nextInt(100_000) : random.nextInt(30)];
          random.nextBytes(word);
          words.add(new String(word, ISO_8859_1));
        }
        expected.add(words);
        stream.writeBytes(frame(words));
      }
      int size = stream.size();
      int[] cuts = random.ints(random.nextInt(30), 0, size).sorted().toArray();
      assertThat(parse(limits, stream.toByteArray(), cuts)).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*x\\r\\n | invalid multibulk length",
        "*1025\\r\\n | invalid multibulk length",
        "*99999999999999999999\\r\\n | invalid multibulk length",
        "*+1\\r\\n | invalid multibulk length",
        "*01\\r\\n | invalid multibulk length",
        "*\\r\\n | invalid multibulk length",
        "*1\\r\\n:3\\r\\n | expected '$', got ':'",
        "*1\\r\\n$-1\\r\\n | invalid bulk length",
        "*1\\r\\n$4097\\r\\n | invalid bulk length",
        "*1\\r\\n$9223372036854775808\\r\\n | invalid bulk length",
        "*1\\r\\n$1 \\r\\n | invalid bulk length",
        "*1\\r\\n$1\\r\\nab\\r\\n | no line end after an argument of 1 bytes",
        "get \"a\\r\\n | unbalanced quotes in request",
        "get 'a\\r\\n | unbalanced quotes in request",
        "get \"a\"b\\r\\n | unbalanced quotes in request",
      })
  void brokenFramesAreNamedAsRedisNamesThem(String escaped, String problem) {
    byte[] stream = bytes(escaped.replace("\\r", "\r").replace("\\n", "\n"));
    assertThatThrownBy(() -> parse(SMALL, stream))
        .isInstanceOf(ProtocolException.class)
        .hasMessage(problem);
  }

  @ParameterizedTest
  @CsvSource({
    "a, too big inline request",
    "*1, too big mbulk count string",
    "'*1\r\n$1', too big bulk count string"
  })
  void endlessLinesAreRefused(String start, String problem) {
    byte[] stream = bytes(start + "1".repeat(300));
    for (int cut : new int[] {stream.length, start.length(), start.length() + 100}) {
      assertThatThrownBy(() -> parse(SMALL, stream, cut))
          .isInstanceOf(ProtocolException.class)
          .hasMessage(problem);
    }
  }

  @Test
  void aLineOfTheLargestSizePasses() throws ProtocolException {
    String word = "a".repeat(256);
    assertThat(parse(SMALL, bytes(word + "\n"), 100)).containsExactly(List.of(word));
  }

  @Test
  void aRequestOfTooManyBytesIsRefusedBeforeTheyCome() {
    byte[] stream =
        bytes(
            "*4\r\n$4096\r\n"
                + "x".repeat(4096)
                + "\r\n$4096\r\n"
                + "x".repeat(4096)
                + "\r\n$4096\r\n");
    assertThatThrownBy(() -> parse(SMALL, stream))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("request of more than 10000 bytes");
  }

  @Test
  void announcedLengthsTakeNoMemory() throws ProtocolException {
    // Ten thousand of these would need 160 GiB if lengths were believed.
    byte[] stream = bytes("*1000000\r\n$16777216\r\nx");
    List<RequestParser> parsers = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      RequestParser parser = new RequestParser(RequestLimits.DEFAULT);
      assertThat(parser.parse(stream, 0, stream.length)).isEqualTo(stream.length);
      parsers.add(parser);
    }
    assertThat(parsers).allMatch(parser -> parser.take() == null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "set a b | set,a,b",
        "  set\ta   b   | set,a,b",
        "set \"\\x41\\x7a\" b | set,Az,b",
        "set \"a\\\"b\" c | set,a\"b,c",
        "set 'a\\'b' c | set,a'b,c",
        "set '\\n' c | set,\\n,c",
        "set \"\\xzz\\q\" c | set,xzzq,c",
        "set \"\" '' | set,,",
        "se\"t\" a | set,a",
      })
  void inlineCommandsFollowRedisQuoting(String line, String words) throws ProtocolException {
    assertThat(parse(SMALL, bytes(line + "\r\n"))).containsExactly(List.of(words.split(",", -1)));
  }

  @Test
  void controlCharactersAreEscapedInInlineCommands() throws ProtocolException {
    assertThat(parse(SMALL, bytes("set \"\\r\\n\\t\\b\\a\\x00\" x\r\n")))
        .containsExactly(List.of("set", "\r\n\t\b\u0007\0", "x"));
  }

  @Test
  void aRequestThatIsGivenUpTakesNoMemoryAndEndsWhereItEnds() throws ProtocolException {
    byte[] stream =
        ("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$100000\r\n" + "x".repeat(100_000) + "\r\nPING\r\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    for (int cut : new int[] {5, 14, 24, 28, 29, 50_000, 100_029, 100_030}) {
      RequestParser parser = new RequestParser(RequestLimits.DEFAULT);
      assertThat(parser.parse(stream, 0, cut)).isEqualTo(cut);
      assertThat(parser.discard()).isTrue();
      assertThat(parser.heldBytes()).as("cut at %d", cut).isLessThan(64);
      int at = parser.parse(stream, cut, stream.length);
      assertThat(parser.heldBytes()).isZero();
      assertThat(parser.take()).as("cut at %d", cut).isEmpty();
      assertThat(parser.parse(stream, at, stream.length)).isEqualTo(stream.length);
      assertThat(parser.take())
          .isDeepEqualTo(new byte[][] {"PING".getBytes(StandardCharsets.UTF_8)});
    }
  }
}
