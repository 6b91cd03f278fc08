package io.distkv.kvctl.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class TableTest {
  @Test
  void alignsWordsLeftAndNumbersRight() {
    Table table = new Table("NAME", "COUNT").row("a", "1,000").row("longer", "-");
    assertThat(table.lines()).containsExactly("NAME    COUNT", "a       1,000", "longer      -");
    assertThatThrownBy(() -> table.row("x")).isInstanceOf(IllegalArgumentException.class);
  }
}
