package io.distkv.kvctl.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.kvctl.Failure;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressTest {
  @ParameterizedTest
  @CsvSource({
    "example.org:7000, example.org:7000",
    "example.org, example.org:7379",
    ":7000, 127.0.0.1:7000",
    "[::1]:7000, [::1]:7000",
    "[::1], [::1]:7379",
    "fe80::1, [fe80::1]:7379",
    "resp://example.org, resp://example.org:6379",
    "resp://[::1]:99, resp://[::1]:99"
  })
  void readsWhatPeopleWrite(String text, String address) {
    assertThat(Address.parse(text, Address.Protocol.GRPC, "--address")).hasToString(address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"h:", "h:0", "h:65536", "h:port", "h:-1", "[::1]:x"})
  void refusesPortsThatAreNone(String text) {
    assertThatThrownBy(() -> Address.parse(text, Address.Protocol.GRPC, "$X"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("$X is '" + text + "'");
  }

  @Test
  void knowsWhenNoSelectIsNeeded() {
    assertThat(
            new Target(Address.Protocol.RESP.byDefault(), "default", Duration.ofSeconds(1))
                .needsSelect())
        .isFalse();
    assertThat(
            new Target(Address.Protocol.RESP.byDefault(), "1", Duration.ofSeconds(1)).needsSelect())
        .isTrue();
  }
}
