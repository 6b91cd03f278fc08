package io.distkv.server.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GzipTest {

  @Test
  void aClientSaysWhetherItTakesGzip() {
    for (String takes :
        List.of("gzip", "deflate, gzip;q=0.5", "*", "br;q=1.0, gzip ; q=1", "GZIP", "x-gzip")) {
      assertThat(Gzip.isAccepted(List.of(takes))).as(takes).isTrue();
    }
    for (String refuses :
        List.of("", "identity", "gzip;q=0", "gzip;q=0.000", "*;q=0", "gzip;q=0, *", "gzipped")) {
      assertThat(Gzip.isAccepted(List.of(refuses))).as(refuses).isFalse();
    }
    assertThat(Gzip.isAccepted(List.of("br", "gzip"))).isTrue();
    assertThat(Gzip.isAccepted(List.of())).isFalse();
  }
}
