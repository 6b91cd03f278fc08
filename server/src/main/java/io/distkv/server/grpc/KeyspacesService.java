package io.distkv.server.grpc;

import io.distkv.api.v1.AlterKeyspaceRequest;
import io.distkv.api.v1.CreateKeyspaceRequest;
import io.distkv.api.v1.DescribeKeyspaceRequest;
import io.distkv.api.v1.DropKeyspaceRequest;
import io.distkv.api.v1.DropKeyspaceResponse;
import io.distkv.api.v1.KeyspaceDescription;
import io.distkv.api.v1.KeyspaceSettings;
import io.distkv.api.v1.KeyspacesGrpc;
import io.distkv.api.v1.ListKeyspacesRequest;
import io.distkv.api.v1.ListKeyspacesResponse;
import io.distkv.server.call.BadRequestException;
import io.distkv.server.call.Words;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** {@code distkv.v1.Keyspaces}: every call becomes a KEYSPACE command. On the call's lane. */
final class KeyspacesService extends KeyspacesGrpc.KeyspacesImplBase {

  @Override
  public void createKeyspace(
      CreateKeyspaceRequest request, StreamObserver<KeyspaceDescription> client) {
    Words words = command("CREATE").add(utf8(request.getName()));
    if (request.hasNumber()) {
      words.add("NUMBER", Integer.toUnsignedLong(request.getNumber()));
    }
    if (request.getPartitions() != 0) {
      words.add("PARTITIONS", Integer.toUnsignedLong(request.getPartitions()));
    }
    addSettings(words, request.getSettings());
    UnaryAnswer.give(client, words.end(), KeyspaceAnswers::description);
  }

  @Override
  public void alterKeyspace(
      AlterKeyspaceRequest request, StreamObserver<KeyspaceDescription> client) {
    if (request.getSettings().equals(KeyspaceSettings.getDefaultInstance())) {
      throw new BadRequestException("nothing is set that could be changed");
    }
    Words words = command("ALTER").add(utf8(request.getName()));
    addSettings(words, request.getSettings());
    UnaryAnswer.give(client, words.end(), KeyspaceAnswers::description);
  }

  @Override
  public void dropKeyspace(
      DropKeyspaceRequest request, StreamObserver<DropKeyspaceResponse> client) {
    UnaryAnswer.give(
        client,
        command("DROP").add(utf8(request.getName())).add(utf8(request.getNameAgain())).end(),
        _ -> DropKeyspaceResponse.getDefaultInstance());
  }

  @Override
  public void listKeyspaces(
      ListKeyspacesRequest request, StreamObserver<ListKeyspacesResponse> client) {
    UnaryAnswer.give(client, command("LIST").end(), KeyspaceAnswers::list);
  }

  @Override
  public void describeKeyspace(
      DescribeKeyspaceRequest request, StreamObserver<KeyspaceDescription> client) {
    UnaryAnswer.give(
        client,
        command("DESCRIBE").add(utf8(request.getName())).end(),
        KeyspaceAnswers::description);
  }

  private static Words command(String subcommand) {
    return Words.of("KEYSPACE").add(subcommand);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void addSettings(Words words, KeyspaceSettings settings) {
    switch (settings.getDurability()) {
      case DURABILITY_COMMIT -> words.add("DURABILITY").add("commit");
      case DURABILITY_INTERVAL -> words.add("DURABILITY").add("interval");
      case DURABILITY_NONE -> words.add("DURABILITY").add("none");
      case DURABILITY_UNSPECIFIED -> {
        // As it is.
      }
      case UNRECOGNIZED -> throw new BadRequestException("durability is none that this node knows");
    }
    if (settings.hasIntervalMillis()) {
      words.add("INTERVAL", settings.getIntervalMillis());
    }
    if (settings.hasHistoryMillis()) {
      words.add("HISTORY", settings.getHistoryMillis());
    }
    if (settings.getCompressionCount() > 0) {
      words
          .add("COMPRESSION")
          .add(
              settings.getCompressionList().stream()
                  .map(KeyspaceAnswers::word)
                  .collect(Collectors.joining(",")));
    }
    if (settings.hasMaxBytes()) {
      words.add("MAXBYTES", settings.getMaxBytes());
    }
  }
}
