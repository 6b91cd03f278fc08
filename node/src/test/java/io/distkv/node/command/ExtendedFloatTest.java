package io.distkv.node.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ExtendedFloatTest {

  private static String sum(String left, String right) {
    return ExtendedFloat.parse(left).plus(ExtendedFloat.parse(right)).toString();
  }

  @Test
  void roundsLikeAMantissaOf64Bits() {
    assertThat(sum("0.1", "0.2")).isEqualTo("0.3");
    assertThat(sum("10.50", "0.1")).isEqualTo("10.6");
    assertThat(sum("5.0e3", "200")).isEqualTo("5200");
    assertThat(sum("18446744073709551615", "0.25")).isEqualTo("18446744073709551615");
    assertThat(sum("18446744073709551615", "0.5")).isEqualTo("18446744073709551616");
    assertThat(sum("18446744073709551616", "1")).isEqualTo("18446744073709551616");
    assertThat(sum("18446744073709551616", "3")).isEqualTo("18446744073709551620");
    assertThat(sum("0x1.8p1", "-0X.8P0")).isEqualTo("2.5");
  }

  @Test
  void printsNoMoreThan17DecimalsAndNoZeroWithASign() {
    assertThat(sum("0", "0.000000000000000004")).isEqualTo("0");
    assertThat(sum("0", "-0.000000000000000004")).isEqualTo("0");
    assertThat(sum("1e-17", "0")).isEqualTo("0.00000000000000001");
    assertThat(sum("-1.5", "1.5")).isEqualTo("0");
    assertThat(sum("1e20", "0")).isEqualTo("100000000000000000000");
  }

  @Test
  void refusesWhatIsNoNumber() {
    String tooLong = "1".repeat(5_120);
    for (String text :
        new String[] {
          "",
          " 1",
          "1 ",
          "1e",
          "e1",
          ".",
          "--1",
          "0x",
          "nan",
          "1_0",
          "infinit",
          "1e5000",
          "-1e5000",
          "1e-5000",
          "1e99999999999999",
          "1e-99999999999999",
          tooLong,
          "1\u0000"
        }) {
      assertThatThrownBy(() -> ExtendedFloat.parse(text))
          .as(text)
          .isInstanceOf(CommandException.class)
          .hasMessage("ERR value is not a valid float");
    }
    assertThat(ExtendedFloat.parse("0e99999999999999")).isEqualTo(ExtendedFloat.ZERO);
  }

  @Test
  void refusesInfiniteSums() {
    for (String[] pair : new String[][] {{"inf", "1"}, {"1", "-Infinity"}, {"1e4932", "1e4932"}}) {
      assertThatThrownBy(() -> sum(pair[0], pair[1]))
          .hasMessage("ERR increment would produce NaN or Infinity");
    }
  }
}
