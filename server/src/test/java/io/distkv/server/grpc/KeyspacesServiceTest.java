package io.distkv.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.api.v1.AlterKeyspaceRequest;
import io.distkv.api.v1.Compression;
import io.distkv.api.v1.CreateKeyspaceRequest;
import io.distkv.api.v1.DescribeKeyspaceRequest;
import io.distkv.api.v1.DropKeyspaceRequest;
import io.distkv.api.v1.Durability;
import io.distkv.api.v1.GetRequest;
import io.distkv.api.v1.KeyspaceDescription;
import io.distkv.api.v1.KeyspaceSettings;
import io.distkv.api.v1.KeyspacesGrpc;
import io.distkv.api.v1.KeyspacesGrpc.KeyspacesBlockingStub;
import io.distkv.api.v1.ListKeyspacesRequest;
import io.distkv.api.v1.PutRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keyspaces that come, change and go over the wire. */
class KeyspacesServiceTest extends GrpcTest {
  private KeyspacesBlockingStub keyspaces;

  @BeforeEach
  void connect() {
    keyspaces = KeyspacesGrpc.newBlockingStub(channel);
  }

  @Test
  void aKeyspaceComesChangesAndGoes() {
    KeyspaceDescription made =
        keyspaces.createKeyspace(
            CreateKeyspaceRequest.newBuilder()
                .setName("orders")
                .setPartitions(4)
                .setSettings(
                    KeyspaceSettings.newBuilder()
                        .setDurability(Durability.DURABILITY_INTERVAL)
                        .setIntervalMillis(200)
                        .addCompression(Compression.COMPRESSION_NONE)
                        .addCompression(Compression.COMPRESSION_ZSTD))
                .build());
    assertThat(made.getPartitions()).isEqualTo(4);
    assertThat(made.getSettings().getDurability()).isEqualTo(Durability.DURABILITY_INTERVAL);
    assertThat(made.getSettings().getIntervalMillis()).isEqualTo(200);
    assertThat(made.getSettings().getCompressionList())
        .containsExactly(Compression.COMPRESSION_NONE, Compression.COMPRESSION_ZSTD);
    PutRequest put =
        PutRequest.newBuilder()
            .setKeyspace("orders")
            .setKey(bytes("k"))
            .setValue(bytes("v"))
            .build();
    keyValue.put(put);
    KeyspaceDescription altered =
        keyspaces.alterKeyspace(
            AlterKeyspaceRequest.newBuilder()
                .setName("orders")
                .setSettings(KeyspaceSettings.newBuilder().setHistoryMillis(5_000))
                .build());
    assertThat(altered.getSettings().getHistoryMillis()).isEqualTo(5_000);
    assertThat(altered.getSettings().getIntervalMillis()).isEqualTo(200);
    KeyspaceDescription described =
        keyspaces.describeKeyspace(DescribeKeyspaceRequest.newBuilder().setName("orders").build());
    assertThat(described.getKeys()).isEqualTo(1);
    assertThat(described.getPartitionSizesCount()).isEqualTo(4);
    assertThat(
            keyspaces.listKeyspaces(ListKeyspacesRequest.getDefaultInstance()).getKeyspacesList())
        .extracting(keyspace -> keyspace.getName() + keyspace.getNumber())
        .containsExactly("default0", "parts1", "orders2");
    keyspaces.dropKeyspace(
        DropKeyspaceRequest.newBuilder().setName("orders").setNameAgain("orders").build());
    assertThatThrownBy(() ->
            keyValue.get(GetRequest.newBuilder().setKeyspace("orders").setKey(bytes("k")).build()))
        .hasMessageStartingWith("NOT_FOUND");
  }

  @Test
  void whatIsWrongIsNamed() {
    assertThatThrownBy(() ->
            keyspaces.createKeyspace(CreateKeyspaceRequest.newBuilder().setName("No Name").build()))
        .hasMessageStartingWith("INVALID_ARGUMENT");
    assertThatThrownBy(() ->
            keyspaces.createKeyspace(CreateKeyspaceRequest.newBuilder().setName("default").build()))
        .hasMessageStartingWith("INVALID_ARGUMENT");
    assertThatThrownBy(() ->
            keyspaces.alterKeyspace(AlterKeyspaceRequest.newBuilder().setName("default").build()))
        .hasMessageContaining("nothing is set");
    assertThatThrownBy(() ->
            keyspaces.dropKeyspace(
                DropKeyspaceRequest.newBuilder().setName("parts").setNameAgain("part").build()))
        .hasMessageContaining("two names differ");
    assertThatThrownBy(() ->
            keyspaces.describeKeyspace(
                DescribeKeyspaceRequest.newBuilder().setName("nosuch").build()))
        .hasMessageStartingWith("NOT_FOUND");
  }
}
