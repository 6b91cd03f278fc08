package io.distkv.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.api.v1.NodeInformationRequest;
import io.distkv.api.v1.NodeInformationResponse.Field;
import io.distkv.api.v1.NodeInformationResponse.Section;
import io.distkv.api.v1.NodesGrpc;
import io.distkv.api.v1.NodesGrpc.NodesBlockingStub;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a node tells of itself over the wire. */
class NodesServiceTest extends GrpcTest {

  private List<Section> sections(String... wanted) {
    NodesBlockingStub nodes = NodesGrpc.newBlockingStub(channel);
    return nodes
        .nodeInformation(
            NodeInformationRequest.newBuilder().addAllSections(List.of(wanted)).build())
        .getSectionsList();
  }

  @Test
  void sectionsAndFieldsAreThoseOfInfo() {
    assertThat(sections()).extracting(Section::getName).contains("Server");
    List<Section> server = sections("server");
    assertThat(server).extracting(Section::getName).containsExactly("Server");
    assertThat(server.getFirst().getFieldsList())
        .extracting(Field::getName)
        .contains("redis_version", "run_id");
    assertThat(server.getFirst().getFieldsList())
        .allSatisfy(field -> assertThat(field.getValue()).doesNotContain("\r", "\n"));
    assertThat(sections("SERVER", "nosuch")).isEqualTo(server);
    assertThat(sections("nosuch")).isEmpty();
  }

  @Test
  void tooManySectionsAreRefused() {
    assertThatThrownBy(() -> sections(Collections.nCopies(101, "server").toArray(String[]::new)))
        .hasMessageContaining("at most 100 sections");
  }
}
