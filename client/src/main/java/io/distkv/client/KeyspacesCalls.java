package io.distkv.client;

import com.google.protobuf.MessageLite;
import io.distkv.api.v1.AlterKeyspaceRequest;
import io.distkv.api.v1.CreateKeyspaceRequest;
import io.distkv.api.v1.DescribeKeyspaceRequest;
import io.distkv.api.v1.DropKeyspaceRequest;
import io.distkv.api.v1.DropKeyspaceResponse;
import io.distkv.api.v1.KeyspacesGrpc;
import io.distkv.api.v1.ListKeyspacesRequest;
import io.distkv.api.v1.ListKeyspacesResponse;
import io.distkv.client.RetryTable.Kind;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** What can be done with keyspaces themselves, of which both its faces are made. */
record KeyspacesCalls(Engine engine, long timeoutNanos) {

  Pending<io.distkv.api.v1.KeyspaceDescription, KeyspaceDescription> create(
      String name, KeyspaceOptions options) {
    CreateKeyspaceRequest.Builder request =
        CreateKeyspaceRequest.newBuilder()
            .setName(name)
            .setPartitions(options.partitions())
            .setSettings(KeyspaceMessages.settings(options.settings()));
    options.number().ifPresent(request::setNumber);
    return pending(
        "createKeyspace",
        name,
        Kind.WRITE,
        KeyspacesGrpc.getCreateKeyspaceMethod(),
        request.build(),
        KeyspaceMessages::description);
  }

  Pending<io.distkv.api.v1.KeyspaceDescription, KeyspaceDescription> alter(
      String name, KeyspaceSettings settings) {
    AlterKeyspaceRequest request =
        AlterKeyspaceRequest.newBuilder()
            .setName(name)
            .setSettings(KeyspaceMessages.settings(settings))
            .build();
    return pending(
        "alterKeyspace",
        name,
        Kind.WRITE,
        KeyspacesGrpc.getAlterKeyspaceMethod(),
        request,
        KeyspaceMessages::description);
  }

  Pending<DropKeyspaceResponse, Boolean> drop(String name, String nameAgain) {
    if (!name.equals(nameAgain)) {
      throw new DistKvException(
          ErrorCode.INVALID_ARGUMENT,
          "the names differ: '" + name + "' and '" + nameAgain + "'; nothing was dropped",
          null);
    }
    DropKeyspaceRequest request =
        DropKeyspaceRequest.newBuilder().setName(name).setNameAgain(nameAgain).build();
    return pending(
        "dropKeyspace",
        name,
        Kind.WRITE,
        KeyspacesGrpc.getDropKeyspaceMethod(),
        request,
        _ -> true);
  }

  Pending<ListKeyspacesResponse, List<KeyspaceName>> list() {
    return pending(
        "listKeyspaces",
        "",
        Kind.READ,
        KeyspacesGrpc.getListKeyspacesMethod(),
        ListKeyspacesRequest.getDefaultInstance(),
        KeyspaceMessages::names);
  }

  Pending<io.distkv.api.v1.KeyspaceDescription, KeyspaceDescription> describe(String name) {
    return pending(
        "describeKeyspace",
        name,
        Kind.READ,
        KeyspacesGrpc.getDescribeKeyspaceMethod(),
        DescribeKeyspaceRequest.newBuilder().setName(name).build(),
        KeyspaceMessages::description);
  }

  Executor executor() {
    return engine.executor();
  }

  private <Q extends MessageLite, R, T> Pending<R, T> pending(
      String operation,
      String keyspace,
      Kind kind,
      MethodDescriptor<Q, R> method,
      Q request,
      Function<R, T> meaning) {
    UnaryCall<Q, R> call =
        new UnaryCall<>(operation, keyspace, kind, request.getSerializedSize(), method, request);
    return new Pending<>(Execution.start(engine, call, timeoutNanos), meaning);
  }
}
