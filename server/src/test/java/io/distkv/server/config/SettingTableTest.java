package io.distkv.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SettingTableTest {
  private static final Path PAGE = Path.of("../docs/configuration.md");

  @Test
  void everyDefaultIsAllowedAndPrintsAsItIsWritten() {
    SettingValues node = SettingValues.defaults(ServerSettings.TABLE);
    for (Setting<?> setting : ServerSettings.TABLE.settings()) {
      assertThat(node.text(setting)).as(setting.name()).isEqualTo(setting.defaultText());
    }
    SettingValues keyspace = SettingValues.defaults(KeyspaceSettings.TABLE);
    for (Setting<?> setting : KeyspaceSettings.TABLE.settings()) {
      assertThat(keyspace.text(setting)).as(setting.name()).isEqualTo(setting.defaultText());
    }
  }

  /** Run with {@code -Ddistkv.rewrite=true} to write the page anew. */
  @Test
  void thePageSaysWhatTheProgramDoes() throws IOException {
    if (Boolean.getBoolean("distkv.rewrite")) {
      Files.writeString(PAGE, ConfigurationPage.markdown());
    }
    assertThat(Files.readString(PAGE)).isEqualTo(ConfigurationPage.markdown());
  }

  @Test
  void variablesAreNamedAfterSettings() {
    assertThat(ServerSettings.BLOCK_CACHE.environmentName()).isEqualTo("DISTKV_MEMORY_BLOCK_CACHE");
    assertThat(ServerSettings.RESP_PORT.environmentName()).isEqualTo("DISTKV_RESP_PORT");
  }
}
