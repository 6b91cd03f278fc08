package io.distkv.kvctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.kvctl.text.Bytes;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class RawArgumentsTest {
  @Test
  void takesTheLastPartsOfTheCommandLineByteForByte() {
    byte[] line = "java\0-cp\0x\0Main\0put\0k\u00ff\0\0".getBytes(StandardCharsets.ISO_8859_1);
    String[] recovered = RawArguments.recover(new String[] {"put", "k?", ""}, line);
    assertThat(recovered).hasSize(3);
    assertThat(recovered[0]).isEqualTo("put");
    assertThat(Bytes.uncarry(recovered[1])).isEqualTo(new byte[] {'k', (byte) 0xff});
    assertThat(recovered[2]).isEmpty();
  }

  @Test
  void keepsJavasDecodingWhereTheCommandLineIsCutOff() {
    assertThat(RawArguments.recover(new String[] {"a", "b"}, new byte[] {'b', 0}))
        .containsExactly("a", "b");
  }
}
