package io.distkv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.server.config.Configuration;
import io.distkv.server.config.ConfigurationReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeSettingsTest {
  private static Optional<String> warning(int heapMib, String... assignments) throws Exception {
    Configuration configuration =
        ConfigurationReader.read(Optional.empty(), Map.of(), List.of(assignments));
    return NodeSettings.heapWarning(configuration, (long) heapMib << 20);
  }

  @Test
  void aHeapThatLargeValuesMayExhaustIsNamedWithTheSettingThatHelps() throws Exception {
    assertThat(warning(512)).isEmpty();
    assertThat(warning(511).orElseThrow())
        .contains("heap of 511 MiB", "values of 16777216 bytes", "limits.value", "-Xmx");
    assertThat(warning(128, "limits.value=4MiB")).isEmpty();
  }
}
