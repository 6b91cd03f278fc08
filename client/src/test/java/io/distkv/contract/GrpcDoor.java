package io.distkv.contract;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.distkv.api.v1.AlterKeyspaceRequest;
import io.distkv.api.v1.BatchRequest;
import io.distkv.api.v1.CreateKeyspaceRequest;
import io.distkv.api.v1.DescribeKeyspaceRequest;
import io.distkv.api.v1.DropKeyspaceRequest;
import io.distkv.api.v1.ErrorCode;
import io.distkv.api.v1.ErrorDetail;
import io.distkv.api.v1.KeyValueGrpc;
import io.distkv.api.v1.KeyspacesGrpc;
import io.distkv.api.v1.ListKeyspacesRequest;
import io.distkv.api.v1.ScanResponse;
import io.distkv.api.v1.WatchResponse;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** gRPC, with what is generated from the files of the contract. */
final class GrpcDoor implements Door {
  private static final int MOST_MESSAGE_BYTES = 68 * 1024 * 1024;

  private final ManagedChannel channel;

  GrpcDoor(String address) {
    channel =
        Grpc.newChannelBuilder(address, InsecureChannelCredentials.create())
            .maxInboundMessageSize(MOST_MESSAGE_BYTES)
            .build();
  }

  @Override
  public String name() {
    return "grpc";
  }

  @Override
  public Answer ask(String keyspace, Operation operation) throws InvalidProtocolBufferException {
    try {
      return operation instanceof Operation.OfKeyspaces ofKeyspaces
          ? ask(ofKeyspaces)
          : askKeys(keyspace, operation);
    } catch (StatusRuntimeException e) {
      return refused(e);
    }
  }

  private Answer askKeys(String keyspace, Operation operation) {
    KeyValueGrpc.KeyValueBlockingStub keys =
        KeyValueGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    return switch (operation) {
      case Operation.Get get -> GrpcAnswers.get(keys.get(GrpcMessages.get(keyspace, get)));
      case Operation.Put put -> GrpcAnswers.put(keys.put(GrpcMessages.put(keyspace, put)));
      case Operation.Delete delete ->
          GrpcAnswers.delete(keys.delete(GrpcMessages.delete(keyspace, delete)));
      case Operation.Increment increment ->
          GrpcAnswers.increment(keys.increment(GrpcMessages.increment(keyspace, increment)));
      case Operation.Batch batch -> {
        BatchRequest.Builder request = BatchRequest.newBuilder().setKeyspace(keyspace);
        batch.operations().forEach(each -> request.addOperations(GrpcMessages.operation(each)));
        yield new Answer.Results(
            keys.batch(request.build()).getResultsList().stream()
                .map(GrpcAnswers::result)
                .toList());
      }
      case Operation.Scan scan -> scan(keys, keyspace, scan);
      case Operation.Watch watch -> watch(keys, keyspace, watch);
      case Operation.OfKeyspaces _ -> throw new IllegalStateException();
    };
  }

  /** Pages are calls with a limit, each of which goes on where the one before it ended. */
  private static Answer scan(
      KeyValueGrpc.KeyValueBlockingStub keys, String keyspace, Operation.Scan scan) {
    List<Answer.Entry> entries = new ArrayList<>();
    long limit = scan.page() != null ? scan.page() : scan.limit() != null ? scan.limit() : 0;
    ByteString token = ByteString.EMPTY;
    do {
      Iterator<ScanResponse> messages = keys.scan(GrpcMessages.scan(keyspace, scan, limit, token));
      while (messages.hasNext()) {
        ScanResponse message = messages.next();
        message
            .getEntriesList()
            .forEach(entry -> entries.add(GrpcAnswers.entry(entry, scan.keysOnly())));
        token = message.getResumeToken();
      }
    } while (scan.page() != null && !token.isEmpty());
    return new Answer.Listed(entries);
  }

  private static Answer watch(
      KeyValueGrpc.KeyValueBlockingStub keys, String keyspace, Operation.Watch watch) {
    List<Answer.Change> told = new ArrayList<>();
    // Whose end is the call's.
    try (Context.CancellableContext context = Context.current().withCancellation()) {
      context.run(() -> {
        Iterator<WatchResponse> messages = keys.watch(GrpcMessages.watch(keyspace, watch));
        long through = 0;
        while (through < watch.until()) {
          WatchResponse message = messages.next();
          message.getChangesList().forEach(change -> told.add(GrpcAnswers.change(change)));
          through = message.getThroughVersion();
        }
      });
    }
    return new Answer.Told(told);
  }

  private Answer ask(Operation.OfKeyspaces operation) {
    KeyspacesGrpc.KeyspacesBlockingStub keyspaces =
        KeyspacesGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    return switch (operation) {
      case Operation.CreateKeyspace create -> {
        CreateKeyspaceRequest.Builder request =
            CreateKeyspaceRequest.newBuilder()
                .setName(create.name())
                .setSettings(GrpcMessages.settings(create.settings()));
        if (create.partitions() != null) {
          request.setPartitions(create.partitions());
        }
        yield GrpcAnswers.described(keyspaces.createKeyspace(request.build()));
      }
      case Operation.AlterKeyspace alter ->
          GrpcAnswers.described(
              keyspaces.alterKeyspace(
                  AlterKeyspaceRequest.newBuilder()
                      .setName(alter.name())
                      .setSettings(GrpcMessages.settings(alter.settings()))
                      .build()));
      case Operation.DropKeyspace drop -> {
        var _ =
            keyspaces.dropKeyspace(
                DropKeyspaceRequest.newBuilder()
                    .setName(drop.name())
                    .setNameAgain(drop.nameAgain())
                    .build());
        yield new Answer.Done();
      }
      case Operation.DescribeKeyspace describe ->
          GrpcAnswers.described(
              keyspaces.describeKeyspace(
                  DescribeKeyspaceRequest.newBuilder().setName(describe.name()).build()));
      case Operation.FindKeyspace find ->
          keyspaces
                  .listKeyspaces(ListKeyspacesRequest.getDefaultInstance())
                  .getKeyspacesList()
                  .stream()
                  .anyMatch(each -> each.getName().equals(find.name()))
              ? new Answer.Done()
              : new Answer.Nothing();
    };
  }

  /** The code of the detail, which must come with every status, and the status that it demands. */
  private static Answer refused(StatusRuntimeException thrown)
      throws InvalidProtocolBufferException {
    com.google.rpc.Status rich = StatusProto.fromThrowable(thrown);
    if (rich == null || rich.getDetailsCount() != 1) {
      throw new AssertionError("a status without a detail", thrown);
    }
    Any detail = rich.getDetails(0);
    ErrorCode code = detail.unpack(ErrorDetail.class).getCode();
    if (thrown.getStatus().getCode() != status(code)) {
      throw new AssertionError(code + " came with " + thrown.getStatus(), thrown);
    }
    return new Answer.Refused(code.name(), String.valueOf(thrown.getStatus().getDescription()));
  }

  private static Status.Code status(ErrorCode code) {
    return switch (code) {
      case INVALID_ARGUMENT, TOO_LARGE -> Status.Code.INVALID_ARGUMENT;
      case NOT_FOUND -> Status.Code.NOT_FOUND;
      case VERSION_MISMATCH -> Status.Code.ABORTED;
      case HISTORY_GONE -> Status.Code.OUT_OF_RANGE;
      case OVERLOADED -> Status.Code.RESOURCE_EXHAUSTED;
      case TIMEOUT -> Status.Code.DEADLINE_EXCEEDED;
      case DISK_FULL, READ_ONLY -> Status.Code.FAILED_PRECONDITION;
      default -> throw new AssertionError("an error that no scenario can mean: " + code);
    };
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
