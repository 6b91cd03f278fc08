package io.distkv.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.Status;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A client that knows of this node what reflection tells, and nothing else: no generated message,
 * no stub. So tools work that are given an address alone.
 */
class ReflectionTest extends GrpcTest {
  private final Map<String, FileDescriptor> files = new TreeMap<>();

  private ServerReflectionResponse ask(ServerReflectionRequest.Builder request) {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> asking =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable thrown) {
                    answer.completeExceptionally(thrown);
                  }

                  @Override
                  public void onCompleted() {}
                });
    asking.onNext(request.build());
    asking.onCompleted();
    return answer.orTimeout(60, TimeUnit.SECONDS).join();
  }

  private List<String> services() {
    return ask(ServerReflectionRequest.newBuilder().setListServices(""))
        .getListServicesResponse()
        .getServiceList()
        .stream()
        .map(service -> service.getName())
        .toList();
  }

  private FileDescriptor fileOf(String symbol) throws Exception {
    return file(ask(ServerReflectionRequest.newBuilder().setFileContainingSymbol(symbol)));
  }

  private FileDescriptor fileNamed(String name) throws Exception {
    FileDescriptor known = files.get(name);
    return known != null
        ? known
        : file(ask(ServerReflectionRequest.newBuilder().setFileByFilename(name)));
  }

  private FileDescriptor file(ServerReflectionResponse response) throws Exception {
    assertThat(response.hasFileDescriptorResponse()).as("%s", response).isTrue();
    FileDescriptorProto first =
        FileDescriptorProto.parseFrom(
            response.getFileDescriptorResponse().getFileDescriptorProto(0));
    return built(first);
  }

  private FileDescriptor built(FileDescriptorProto proto)
      throws DescriptorValidationException, Exception {
    List<FileDescriptor> needed = new ArrayList<>();
    for (String name : proto.getDependencyList()) {
      needed.add(fileNamed(name));
    }
    FileDescriptor made = FileDescriptor.buildFrom(proto, needed.toArray(FileDescriptor[]::new));
    files.put(proto.getName(), made);
    return made;
  }

  private MethodDescriptor method(String service, String name) throws Exception {
    String simple = service.substring(service.lastIndexOf('.') + 1);
    ServiceDescriptor found = fileOf(service).findServiceByName(simple);
    return Objects.requireNonNull(found.findMethodByName(name), service + "/" + name);
  }

  private static DynamicMessage message(Descriptor type, String json)
      throws InvalidProtocolBufferException {
    DynamicMessage.Builder builder = DynamicMessage.newBuilder(type);
    JsonFormat.parser().merge(json, builder);
    return builder.build();
  }

  private static io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> call(
      MethodDescriptor method, MethodType type) {
    return io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
        .setType(type)
        .setFullMethodName(
            io.grpc.MethodDescriptor.generateFullMethodName(
                method.getService().getFullName(), method.getName()))
        .setRequestMarshaller(
            ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
        .setResponseMarshaller(
            ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
        .build();
  }

  private DynamicMessage unary(String name, String json) throws Exception {
    MethodDescriptor method = method("distkv.v1.KeyValue", name);
    return ClientCalls.blockingUnaryCall(
        channel,
        call(method, MethodType.UNARY),
        CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS),
        message(method.getInputType(), json));
  }

  private static Object field(DynamicMessage message, String name) {
    return message.getField(
        Objects.requireNonNull(message.getDescriptorForType().findFieldByName(name), name));
  }

  @Test
  void everyServiceIsListedAndDescribedWithAllThatItNeeds() throws Exception {
    assertThat(services())
        .containsExactlyInAnyOrder(
            "distkv.v1.KeyValue",
            "distkv.v1.Keyspaces",
            "distkv.v1.Nodes",
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection");
    for (String service : services()) {
      assertThat(fileOf(service).getServices().stream().map(ServiceDescriptor::getFullName))
          .as(service)
          .contains(service);
    }
  }

  @Test
  void aSymbolThatDoesNotExistIsNotFound() {
    ServerReflectionResponse response =
        ask(ServerReflectionRequest.newBuilder().setFileContainingSymbol("distkv.v1.Nothing"));
    assertThat(response.getErrorResponse().getErrorCode())
        .isEqualTo(io.grpc.Status.Code.NOT_FOUND.value());
  }

  @Test
  void callsOfOneMessage() throws Exception {
    DynamicMessage put =
        unary(
            "Put",
            "{\"key\":\"Z3JlZXRpbmc=\",\"value\":\"aGVsbG8=\",\"life\":{\"ttlMillis\":60000}}");
    // What docs/protocols.md has grpcurl do.
    DynamicMessage got = unary("Get", "{\"key\":\"Z3JlZXRpbmc=\"}");
    DynamicMessage value = (DynamicMessage) field(got, "value");
    assertThat(field(value, "value")).isEqualTo(ByteString.copyFromUtf8("hello"));
    assertThat(field(value, "version")).isEqualTo(field(put, "version"));
    assertThat((Long) field(value, "ttl_millis")).isBetween(1L, 60_000L);
  }

  @Test
  void aStreamOfMessages() throws Exception {
    for (String key : List.of("YQ==", "Yg==", "Yw==")) {
      unary("Put", "{\"keyspace\":\"parts\",\"key\":\"" + key + "\",\"value\":\"eA==\"}");
    }
    MethodDescriptor scan = method("distkv.v1.KeyValue", "Scan");
    assertThat(scan.isServerStreaming()).isTrue();
    Iterator<DynamicMessage> answers =
        ClientCalls.blockingServerStreamingCall(
            channel,
            call(scan, MethodType.SERVER_STREAMING),
            CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS),
            message(scan.getInputType(), "{\"keyspace\":\"parts\"}"));
    List<Object> keys = new ArrayList<>();
    answers.forEachRemaining(answer -> {
      for (Object entry : (List<?>) field(answer, "entries")) {
        keys.add(field((DynamicMessage) entry, "key"));
      }
    });
    assertThat(keys).containsExactly(bytes("a"), bytes("b"), bytes("c"));
  }

  @Test
  void anErrorsDetailIsOfATypeThatReflectionKnows() throws Exception {
    StatusRuntimeException thrown =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> unary("Get", "{\"keyspace\":\"none\",\"key\":\"YQ==\"}"));
    assertThat(thrown.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.NOT_FOUND);
    Status status =
        Objects.requireNonNull(thrown.getTrailers())
            .get(
                Metadata.Key.of(
                    "grpc-status-details-bin",
                    ProtoUtils.metadataMarshaller(Status.getDefaultInstance())));
    Descriptor detail = fileOf("distkv.v1.ErrorDetail").findMessageTypeByName("ErrorDetail");
    TypeRegistry types = TypeRegistry.newBuilder().add(detail).build();
    String json =
        JsonFormat.printer().usingTypeRegistry(types).print(Objects.requireNonNull(status));
    assertThat(json).contains("distkv.v1.ErrorDetail").contains("\"code\": \"NOT_FOUND\"");
  }
}
