package io.distkv.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteWriterReaderTest {

  @Test
  void everyNumberComesBack() {
    Random random = new Random(7);
    for (int round = 0; round < 10_000; round++) {
      long value = random.nextLong() >>> random.nextInt(64);
      ByteWriter writer = new ByteWriter(1);
      writer.putVarLong(value).putLong(value).putInt((int) value).putVarInt((int) value);
      writer.putShort((int) value).putByte((int) value);
      ByteReader reader = new ByteReader(writer.array(), 0, writer.size());
      assertThat(reader.getVarLong()).isEqualTo(value);
      assertThat(reader.getLong()).isEqualTo(value);
      assertThat(reader.getInt()).isEqualTo((int) value);
      assertThat(reader.getVarInt()).isEqualTo((int) value);
      assertThat(reader.getShort()).isEqualTo((int) value & 0xFFFF);
      assertThat(reader.getByte()).isEqualTo((int) value & 0xFF);
      assertThat(reader.remaining()).isZero();
    }
  }

  @Test
  void blobsComeBackAndASkipPassesThem() {
    ByteWriter writer = new ByteWriter(0);
    writer.putBlob(new byte[] {1, 2, 3}).putBytes(new byte[] {9, 9}).putByte(4);
    ByteReader reader = new ByteReader(writer.toByteArray());
    assertThat(reader.getBlob()).containsExactly(1, 2, 3);
    reader.skip(2);
    assertThat(reader.getByte()).isEqualTo(4);
    assertThat(reader.position()).isEqualTo(7);
  }

  @Test
  void aResetWriterStartsOver() {
    ByteWriter writer = new ByteWriter(4);
    writer.putInt(1);
    writer.reset();
    writer.putInt(0);
    writer.setInt(0, 5);
    assertThat(new ByteReader(writer.toByteArray()).getInt()).isEqualTo(5);
    assertThatThrownBy(() -> writer.setInt(1, 5)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aReadPastTheEndOfTheSliceIsRefused() {
    byte[] bytes = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    assertThatThrownBy(() -> new ByteReader(bytes, 0, 3).getInt())
        .isInstanceOf(MalformedBytesException.class);
    assertThatThrownBy(() -> new ByteReader(bytes, 2, 6).getLong())
        .isInstanceOf(MalformedBytesException.class);
    assertThatThrownBy(() -> new ByteReader(bytes).getBytes(-1))
        .isInstanceOf(MalformedBytesException.class);
    assertThatThrownBy(() -> new ByteReader(bytes).skip(10))
        .isInstanceOf(MalformedBytesException.class);
  }

  @Test
  void overlongVarintsAreRefused() {
    byte[] elevenBytes = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1};
    assertThatThrownBy(() -> new ByteReader(elevenBytes).getVarLong())
        .isInstanceOf(MalformedBytesException.class);
    byte[] sixtyFiveBits = {-1, -1, -1, -1, -1, -1, -1, -1, -1, 2};
    assertThatThrownBy(() -> new ByteReader(sixtyFiveBits).getVarLong())
        .isInstanceOf(MalformedBytesException.class);
    byte[] thirtyThreeBits = new ByteWriter(10).putVarLong(1L << 32).toByteArray();
    assertThatThrownBy(() -> new ByteReader(thirtyThreeBits).getVarInt())
        .isInstanceOf(MalformedBytesException.class);
  }
}
