package io.distkv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OpenFilesTest {

  @Test
  void unaskedTablesGetAQuarterAndClientsTheRest() throws StartFailure {
    assertThat(OpenFiles.of(1_024, 0)).isEqualTo(new OpenFiles(256, 368));
    assertThat(OpenFiles.of(1_048_576, 0)).isEqualTo(new OpenFiles(16_384, 1_031_792));
    assertThat(OpenFiles.of(Integer.MAX_VALUE, 0).tables()).isEqualTo(16_384);
  }

  @Test
  void eachOfTheOtherProtocolsGetsAnEighthAtMost() throws StartFailure {
    OpenFiles few = OpenFiles.of(1_024, 0);
    assertThat(few.eighth(4_096)).isEqualTo(46);
    assertThat(few.eighth(10)).isEqualTo(10);
    assertThat(OpenFiles.of(1_048_576, 0).eighth(4_096)).isEqualTo(4_096);
    assertThat(new OpenFiles(16, 1).eighth(4_096)).isEqualTo(1);
  }

  @Test
  void howeverLowTheLimitSomethingIsServed() throws StartFailure {
    assertThat(OpenFiles.of(32, 0)).isEqualTo(new OpenFiles(16, 16));
  }

  @Test
  void whatIsAskedForIsTakenFromTheClients() throws StartFailure {
    assertThat(OpenFiles.of(10_000, 9_000)).isEqualTo(new OpenFiles(9_000, 600));
    assertThat(OpenFiles.of(10_000, 4)).isEqualTo(new OpenFiles(4, 9_596));
  }

  @Test
  void moreThanTheSystemAllowsIsRefused() {
    assertThatThrownBy(() -> OpenFiles.of(10_000, 9_585))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("storage.openFiles: 9585 does not fit into the 10000 files")
        .hasMessageContaining("ulimit -n");
  }
}
