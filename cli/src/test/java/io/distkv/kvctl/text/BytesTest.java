package io.distkv.kvctl.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class BytesTest {
  @Test
  void anyBytesSurviveCarryingAndEscaping() {
    for (int seed = 0; seed < 2_000; seed++) {
      byte[] bytes = mixture(new SplittableRandom(seed));
      assertThat(Bytes.uncarry(Bytes.carry(bytes))).as("seed %d", seed).isEqualTo(bytes);
      assertThat(Bytes.unescape(Bytes.escape(bytes))).as("seed %d", seed).isEqualTo(bytes);
      assertThat(Bytes.isText(bytes))
          .as("seed %d", seed)
          .isEqualTo(!new String(bytes, StandardCharsets.UTF_8).contains("\ufffd"));
    }
  }

  /** Text of all planes with damage in it: plain random bytes would hardly ever be valid. */
  private static byte[] mixture(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      int point = random.nextInt(1 << random.nextInt(1, 21));
      text.appendCodePoint((point >= 0xd800 && point < 0xe000) || point == 0xfffd ? '\\' : point);
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    for (int i = random.nextInt(3); i > 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  @Test
  void escapedTextIsSafeToPrint() {
    assertThat(Bytes.escape("a\n\r\t\\ü\u001b[31m\u0085\u202e".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("a\\n\\r\\t\\\\ü\\x1b[31m\\xc2\\x85\\xe2\\x80\\xae");
    assertThat(Bytes.escape(new byte[] {0, (byte) 0xff, (byte) 0xc3})).isEqualTo("\\x00\\xff\\xc3");
  }

  @Test
  void overlongFormsAndSurrogatesAreNoText() {
    assertThat(Bytes.isText(new byte[] {(byte) 0xc0, (byte) 0x80})).isFalse();
    assertThat(Bytes.isText(new byte[] {(byte) 0xe0, (byte) 0x80, (byte) 0x80})).isFalse();
    assertThat(Bytes.isText(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80})).isFalse();
    assertThat(Bytes.isText(new byte[] {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80}))
        .isFalse();
    assertThat(Bytes.isText("\ud83d\ude00".getBytes(StandardCharsets.UTF_8))).isTrue();
  }

  @Test
  void badEscapesAreRefused() {
    assertThatThrownBy(() -> Bytes.unescape("a\\")).hasMessageContaining("backslash");
    assertThatThrownBy(() -> Bytes.unescape("\\q")).hasMessageContaining("backslash");
    assertThatThrownBy(() -> Bytes.unescape("\\x1")).hasMessageContaining("two hexadecimal");
  }
}
