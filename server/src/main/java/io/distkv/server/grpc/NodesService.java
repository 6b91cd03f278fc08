package io.distkv.server.grpc;

import io.distkv.api.v1.NodeInformationRequest;
import io.distkv.api.v1.NodeInformationResponse;
import io.distkv.api.v1.NodeInformationResponse.Field;
import io.distkv.api.v1.NodeInformationResponse.Section;
import io.distkv.api.v1.NodesGrpc;
import io.distkv.node.command.Reply;
import io.distkv.server.call.BadRequestException;
import io.distkv.server.call.Words;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;

/** {@code distkv.v1.Nodes}: how this node is doing. On the call's lane. */
final class NodesService extends NodesGrpc.NodesImplBase {
  private static final int MOST_SECTIONS = 100;

  @Override
  public void nodeInformation(
      NodeInformationRequest request, StreamObserver<NodeInformationResponse> client) {
    if (request.getSectionsCount() > MOST_SECTIONS) {
      throw new BadRequestException(
          "at most %d sections can be asked for, not %d"
              .formatted(MOST_SECTIONS, request.getSectionsCount()));
    }
    Words words = Words.of("INFO");
    for (String section : request.getSectionsList()) {
      words.add(section.getBytes(StandardCharsets.UTF_8));
    }
    UnaryAnswer.give(client, words.end(), reply -> information(((Reply.Verbatim) reply).text()));
  }

  /** Of lines {@code # Section} and {@code name:value}. */
  private static NodeInformationResponse information(String text) {
    NodeInformationResponse.Builder information = NodeInformationResponse.newBuilder();
    Section.Builder section = information.addSectionsBuilder();
    for (String line : text.split("\r\n", -1)) {
      int colon = line.indexOf(':');
      if (line.startsWith("# ")) {
        if (!section.getName().isEmpty()) {
          section = information.addSectionsBuilder();
        }
        section.setName(line.substring(2));
      } else if (colon > 0) {
        section.addFields(
            Field.newBuilder()
                .setName(line.substring(0, colon))
                .setValue(line.substring(colon + 1)));
      }
    }
    if (section.getName().isEmpty()) {
      information.clearSections();
    }
    return information.build();
  }
}
