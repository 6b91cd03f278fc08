package io.distkv.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DiskFullExceptionTest {

  @Test
  void namesTheFileAndKeepsTheCause() {
    IllegalStateException cause = new IllegalStateException("ENOSPC");
    assertThat(new DiskFullException("journal/1", cause))
        .hasMessageContaining("journal/1")
        .hasCause(cause);
  }
}
