package io.distkv.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunningSettingsTest {
  private final RunningSettings settings =
      new RunningSettings(SettingValues.defaults(ServerSettings.TABLE), Map.of("save", ""));

  @Test
  void showsBothNames() {
    assertThat(settings.all())
        .containsEntry("resp.port", "6379")
        .containsEntry("port", "6379")
        .containsEntry("clients.idletimeout", "0")
        .containsEntry("timeout", "0")
        .containsEntry("slowlog-log-slower-than", "100000")
        .containsEntry("save", "");
  }

  @Test
  void changesByEitherName() {
    List<Duration> told = new ArrayList<>();
    settings.follow(ServerSettings.IDLE_TIMEOUT, told::add);
    assertThat(settings.change(Map.of("timeout", "30"))).isNull();
    assertThat(settings.change(Map.of("CLIENTS.IDLETIMEOUT", "1m"))).isNull();
    assertThat(told).containsExactly(Duration.ZERO, Duration.ofSeconds(30), Duration.ofMinutes(1));
    assertThat(settings.all()).containsEntry("timeout", "60");
  }

  @Test
  void changesAllOrNone() {
    assertThat(settings.change(Map.of("maxclients", "7", "log.level", "loud")))
        .isEqualTo(
            "CONFIG SET failed (possibly related to argument 'log.level') - argument must be trace,"
                + " debug, info, warn, error");
    assertThat(settings.get(ServerSettings.MAX_CLIENTS)).isEqualTo(16_000);
  }

  @Test
  void refusesWhatCannotChange() {
    assertThat(settings.change(Map.of("port", "1")))
        .isEqualTo(
            "CONFIG SET failed (possibly related to argument 'port') - can't set immutable config");
    assertThat(settings.change(Map.of("save", "1")))
        .isEqualTo(
            "CONFIG SET failed (possibly related to argument 'save') - can't set immutable config");
    assertThat(settings.change(Map.of("nope", "1")))
        .isEqualTo("Unknown option or number of arguments for CONFIG SET - 'nope'");
  }
}
