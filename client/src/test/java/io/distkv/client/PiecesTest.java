package io.distkv.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.client.codec.Codec;
import io.distkv.client.codec.Codecs;
import io.distkv.client.codec.JsonCodec;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Addresses, codecs, options: what stands for itself. */
class PiecesTest {
  record Person(String name, int born) {}

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:1234, 127.0.0.1, 1234",
    "node.example, node.example, 7379",
    "[::1]:99, ::1, 99",
    "[fe80::2], fe80::2, 7379",
  })
  void anAddressIsAHostAndAPort(String text, String host, int port) {
    assertThat(Address.of(text)).isEqualTo(new Address(host, port));
    assertThat(Address.of(Address.of(text).toString())).isEqualTo(Address.of(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":1", "a:", "a:b", "a:0", "a:65536", "::1", "[::1", "[::1]1", "[]"})
  void whatIsNoAddressIsNamed(String text) {
    assertThatThrownBy(() -> Address.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "' is no address");
  }

  @Test
  void aClientNeedsAnAddress() {
    assertThatThrownBy(() -> DistKv.connect()).hasMessageContaining("at least one node");
  }

  private static <T> void goesThrough(Codec<T> codec, T thing, String bytes) {
    assertThat(codec.encode(thing)).isEqualTo(bytes.getBytes(UTF_8));
    assertThat(codec.decode(codec.encode(thing))).isEqualTo(thing);
  }

  @Test
  void codecsGiveBackWhatTheyWereGiven() {
    goesThrough(Codecs.utf8(), "grüße 🐟", "grüße 🐟");
    goesThrough(Codecs.utf8(), "what? \ufffd", "what? \ufffd");
    goesThrough(Codecs.decimal(), Long.MIN_VALUE, "-9223372036854775808");
    goesThrough(Codecs.bytes(), new byte[] {'x'}, "x");
    goesThrough(
        JsonCodec.of(Person.class), new Person("Ada", 1815), "{\"name\":\"Ada\",\"born\":1815}");
    goesThrough(
        JsonCodec.of(JsonMapper.shared(), new TypeReference<List<Person>>() {}),
        List.of(new Person("Ada", 1815)),
        "[{\"name\":\"Ada\",\"born\":1815}]");
  }

  @Test
  void codecsRefuseWhatIsNotTheirs() {
    assertThatThrownBy(() -> Codecs.utf8().encode("\ud800"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Codecs.utf8().decode(new byte[] {(byte) 0xff}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Codecs.decimal().decode(new byte[] {'x'}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> JsonCodec.of(Person.class).decode(new byte[] {'{'}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Pieces of characters, in any order, beside what the JDK says that takes nothing else. */
  @Test
  void textsAreUtf8AndNothingElse() {
    byte[] bytes = {'a', '?', (byte) 0xc3, (byte) 0xa9, (byte) 0xef, (byte) 0xbf, (byte) 0xbd};
    char[] chars = {'a', '?', 'é', '\ufffd', '\ud83d', '\udc1f'};
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] written = new byte[random.nextInt(6)];
      for (int j = 0; j < written.length; j++) {
        written[j] = bytes[random.nextInt(bytes.length)];
      }
      refused +=
          sameOutcome(
              () -> Codecs.utf8().decode(written),
              () -> UTF_8.newDecoder().decode(ByteBuffer.wrap(written)).toString());
      char[] said = new char[random.nextInt(6)];
      for (int j = 0; j < said.length; j++) {
        said[j] = chars[random.nextInt(chars.length)];
      }
      refused +=
          sameOutcome(
              () -> ByteBuffer.wrap(Codecs.utf8().encode(new String(said))),
              () -> UTF_8.newEncoder().encode(CharBuffer.wrap(said)));
    }
    assertThat(refused).isBetween(1_000, 19_000);
  }

  private static int sameOutcome(Callable<?> codec, Callable<?> strict) {
    try {
      Object expected = strict.call();
      assertThat(codec.call()).isEqualTo(expected);
      return 0;
    } catch (CharacterCodingException e) {
      assertThatThrownBy(codec::call).isInstanceOf(IllegalArgumentException.class);
      return 1;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aMomentIsTheLastVersionBeforeIt() {
    assertThat(Versions.before(Instant.ofEpochMilli(1))).isEqualTo(65_535);
    assertThatThrownBy(() -> Versions.before(Instant.EPOCH))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void optionsHaveRanges() {
    assertThatThrownBy(() -> PutOptions.DEFAULT.ttl(Duration.ofNanos(1)))
        .hasMessageContaining("time to live");
    assertThatThrownBy(() -> PutOptions.DEFAULT.ifVersion(0)).hasMessageContaining("version 0");
    assertThatThrownBy(() -> PutOptions.DEFAULT.expireAt(Instant.EPOCH))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DistKv.builder().deadline(Duration.ZERO))
        .hasMessageContaining("deadline");
    assertThatThrownBy(() -> DistKv.builder().keepAlive(Duration.ofSeconds(1)))
        .hasMessageContaining("keepAlive");
    assertThatThrownBy(() -> new Batching(true, 10_001, 1)).hasMessageContaining("operations");
  }
}
