package io.distkv.kvctl.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class NodeInfoTest {
  @Test
  void readsSectionsAndFieldsWhateverThereIs() {
    NodeInfo info =
        NodeInfo.parse("# Server\r\nrun_id:ab\r\nos:a:b\r\n\r\n# Keyspace\ndb0:keys=1\n");
    assertThat(info.first("nothing", "run_id")).isEqualTo("ab");
    assertThat(info.first("os")).isEqualTo("a:b");
    assertThat(info.first("nothing")).isNull();
    assertThat(info.section("keyspace")).containsEntry("db0", "keys=1");
    assertThat(info.section("memory")).isEmpty();
    assertThat(info.isDistkv()).isFalse();
    assertThat(NodeInfo.parse("distkv_version:1\n").isDistkv()).isTrue();
    assertThat(NodeInfo.parse("").sections()).isEmpty();
  }
}
