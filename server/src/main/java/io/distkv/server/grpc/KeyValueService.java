package io.distkv.server.grpc;

import io.distkv.api.v1.BatchRequest;
import io.distkv.api.v1.BatchResponse;
import io.distkv.api.v1.DeleteRequest;
import io.distkv.api.v1.DeleteResponse;
import io.distkv.api.v1.GetRequest;
import io.distkv.api.v1.GetResponse;
import io.distkv.api.v1.IncrementRequest;
import io.distkv.api.v1.IncrementResponse;
import io.distkv.api.v1.KeyValueGrpc;
import io.distkv.api.v1.Operation;
import io.distkv.api.v1.Operation.OperationCase;
import io.distkv.api.v1.PipelineRequest;
import io.distkv.api.v1.PipelineResponse;
import io.distkv.api.v1.PutRequest;
import io.distkv.api.v1.PutResponse;
import io.distkv.api.v1.ScanRequest;
import io.distkv.api.v1.ScanResponse;
import io.distkv.api.v1.WatchRequest;
import io.distkv.server.trace.Tracing;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;

/** {@code distkv.v1.KeyValue}: every call becomes a command, or several. On the call's lane. */
final class KeyValueService extends KeyValueGrpc.KeyValueImplBase {
  private final Tracing tracing;

  KeyValueService(Tracing tracing) {
    this.tracing = tracing;
  }

  /** All of its methods; that of watches answers with {@link WatchMessage}s. */
  ServerServiceDefinition definition() {
    MethodDescriptor<WatchRequest, WatchMessage> watch = WatchMessage.method();
    ServerServiceDefinition generated = bindService();
    ServiceDescriptor.Builder described =
        ServiceDescriptor.newBuilder(generated.getServiceDescriptor().getName())
            .setSchemaDescriptor(generated.getServiceDescriptor().getSchemaDescriptor())
            .addMethod(watch);
    List<ServerMethodDefinition<?, ?>> others =
        generated.getMethods().stream()
            .filter(method -> !isWatch(method.getMethodDescriptor()))
            .toList();
    others.forEach(method -> described.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder definition = ServerServiceDefinition.builder(described.build());
    others.forEach(definition::addMethod);
    return definition
        .addMethod(
            watch,
            ServerCalls.asyncServerStreamingCall((request, client) ->
                WatchStream.start(request, (ServerCallStreamObserver<WatchMessage>) client)))
        .build();
  }

  private static boolean isWatch(MethodDescriptor<?, ?> method) {
    return method.getFullMethodName().equals(KeyValueGrpc.getWatchMethod().getFullMethodName());
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> client) {
    UnaryAnswer.give(client, request.getKeyspace(), CommandWords.get(request), Answers::get);
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> client) {
    UnaryAnswer.give(client, request.getKeyspace(), CommandWords.put(request), Answers::put);
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<DeleteResponse> client) {
    UnaryAnswer.give(client, request.getKeyspace(), CommandWords.delete(request), Answers::delete);
  }

  @Override
  public void increment(IncrementRequest request, StreamObserver<IncrementResponse> client) {
    UnaryAnswer.give(
        client, request.getKeyspace(), CommandWords.increment(request), Answers::increment);
  }

  @Override
  public void batch(BatchRequest request, StreamObserver<BatchResponse> client) {
    List<OperationCase> kinds =
        request.getOperationsList().stream().map(Operation::getOperationCase).toList();
    UnaryAnswer.give(
        client,
        request.getKeyspace(),
        CommandWords.batch(request),
        reply -> Answers.batch(kinds, reply));
  }

  @Override
  public void scan(ScanRequest request, StreamObserver<ScanResponse> client) {
    ScanStream.start(request, (ServerCallStreamObserver<ScanResponse>) client);
  }

  @Override
  public StreamObserver<PipelineRequest> pipeline(StreamObserver<PipelineResponse> client) {
    return PipelineStream.start(tracing, (ServerCallStreamObserver<PipelineResponse>) client);
  }
}
