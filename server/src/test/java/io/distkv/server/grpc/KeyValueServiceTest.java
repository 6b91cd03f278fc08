package io.distkv.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.distkv.api.v1.BatchRequest;
import io.distkv.api.v1.BatchResponse;
import io.distkv.api.v1.Condition;
import io.distkv.api.v1.DeleteRequest;
import io.distkv.api.v1.ErrorCode;
import io.distkv.api.v1.ErrorDetail;
import io.distkv.api.v1.GetRequest;
import io.distkv.api.v1.GetResponse;
import io.distkv.api.v1.IncrementRequest;
import io.distkv.api.v1.Life;
import io.distkv.api.v1.Operation;
import io.distkv.api.v1.PutRequest;
import io.distkv.api.v1.PutResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Calls of one message each. */
class KeyValueServiceTest extends GrpcTest {

  private PutResponse put(String key, String value) {
    return keyValue.put(PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value)).build());
  }

  private GetResponse get(String key) {
    return keyValue.get(GetRequest.newBuilder().setKey(bytes(key)).build());
  }

  private void fails(Status.Code status, ErrorCode code, String text, Runnable call)
      throws Exception {
    StatusRuntimeException thrown = catchThrowableOfType(StatusRuntimeException.class, call::run);
    assertThat(thrown).isNotNull();
    assertThat(thrown.getStatus().getCode()).isEqualTo(status);
    assertThat(thrown.getStatus().getDescription()).contains(text);
    ErrorDetail detail =
        Objects.requireNonNull(StatusProto.fromThrowable(thrown))
            .getDetails(0)
            .unpack(ErrorDetail.class);
    assertThat(detail.getCode()).isEqualTo(code);
  }

  @Test
  void whatIsPutIsThereAsOfItsVersion() {
    PutResponse first = put("k", "1");
    PutResponse second = put("k", "2");
    assertThat(second.getVersion()).isGreaterThan(first.getVersion());
    assertThat(get("k").getValue().getValue()).isEqualTo(bytes("2"));
    assertThat(get("k").getValue().getVersion()).isEqualTo(second.getVersion());
    assertThat(get("k").getValue().hasTtlMillis()).isFalse();
    assertThat(get("nothing").hasValue()).isFalse();
    GetResponse past =
        keyValue.get(
            GetRequest.newBuilder().setKey(bytes("k")).setAsOf(first.getVersion()).build());
    assertThat(past.getValue().getValue()).isEqualTo(bytes("1"));
  }

  @Test
  void anEmptyValueIsNotNoValue() {
    put("empty", "");
    assertThat(get("empty").hasValue()).isTrue();
    assertThat(get("empty").getValue().getValue()).isEqualTo(ByteString.EMPTY);
  }

  @Test
  void messagesMayComeCompressed() {
    String value = "v".repeat(100_000);
    keyValue
        .withCompression("gzip")
        .put(PutRequest.newBuilder().setKey(bytes("z")).setValue(bytes(value)).build());
    assertThat(get("z").getValue().getValue()).isEqualTo(bytes(value));
  }

  @Test
  void conditionsHoldOrNothingIsDone() throws Exception {
    PutRequest.Builder put = PutRequest.newBuilder().setKey(bytes("k")).setValue(bytes("v"));
    Condition absent = Condition.newBuilder().setAbsent(true).build();
    long version = keyValue.put(put.setCondition(absent).build()).getVersion();
    fails(
        Status.Code.ABORTED,
        ErrorCode.VERSION_MISMATCH,
        "the key was to be absent, but it has version " + version,
        () -> keyValue.put(put.build()));
    put.setCondition(Condition.newBuilder().setVersion(version)).setReturnPrevious(true);
    PutResponse second = keyValue.put(put.setValue(bytes("w")).build());
    assertThat(second.getPrevious().getValue()).isEqualTo(bytes("v"));
    fails(
        Status.Code.ABORTED,
        ErrorCode.VERSION_MISMATCH,
        "it has version " + second.getVersion(),
        () ->
            keyValue.delete(
                DeleteRequest.newBuilder()
                    .setKey(bytes("k"))
                    .setCondition(Condition.newBuilder().setVersion(version))
                    .build()));
    assertThat(
            keyValue
                .delete(
                    DeleteRequest.newBuilder().setKey(bytes("k")).setReturnPrevious(true).build())
                .getPrevious()
                .getVersion())
        .isEqualTo(second.getVersion());
    assertThat(keyValue.delete(DeleteRequest.newBuilder().setKey(bytes("k")).build()).getVersion())
        .isZero();
  }

  @Test
  void lifeIsCountedDown() {
    keyValue.put(
        PutRequest.newBuilder()
            .setKey(bytes("k"))
            .setValue(bytes("v"))
            .setLife(Life.newBuilder().setTtlMillis(60_000))
            .build());
    assertThat(get("k").getValue().getTtlMillis()).isBetween(1L, 60_000L);
    keyValue.put(
        PutRequest.newBuilder()
            .setKey(bytes("k"))
            .setValue(bytes("w"))
            .setLife(Life.newBuilder().setKeep(true))
            .build());
    assertThat(get("k").getValue().getTtlMillis()).isBetween(1L, 60_000L);
  }

  @Test
  void numbersAreCounted() throws Exception {
    IncrementRequest.Builder increment = IncrementRequest.newBuilder().setKey(bytes("n"));
    assertThat(keyValue.increment(increment.setBy(-3).setInitial(10).build()).getValue())
        .isEqualTo(7);
    assertThat(keyValue.increment(increment.setBy(1).build()).getValue()).isEqualTo(8);
    put("text", "x");
    fails(
        Status.Code.INVALID_ARGUMENT,
        ErrorCode.INVALID_ARGUMENT,
        "not an integer",
        () -> keyValue.increment(increment.setKey(bytes("text")).build()));
  }

  private static Operation read(String key) {
    return Operation.newBuilder().setGet(Operation.Get.newBuilder().setKey(bytes(key))).build();
  }

  private static Operation write(String key, String value, Condition condition) {
    return Operation.newBuilder()
        .setPut(
            Operation.Put.newBuilder()
                .setKey(bytes(key))
                .setValue(bytes(value))
                .setCondition(condition))
        .build();
  }

  @Test
  void aBatchIsDoneAsAWholeOrNotAtAll() throws Exception {
    Condition absent = Condition.newBuilder().setAbsent(true).build();
    BatchRequest batch =
        BatchRequest.newBuilder()
            .addOperations(write("a", "1", absent))
            .addOperations(
                Operation.newBuilder()
                    .setIncrement(Operation.Increment.newBuilder().setKey(bytes("a")).setBy(4)))
            .addOperations(read("a"))
            .addOperations(
                Operation.newBuilder().setDelete(Operation.Delete.newBuilder().setKey(bytes("b"))))
            .build();
    BatchResponse done = keyValue.batch(batch);
    long version = done.getResults(0).getPut().getVersion();
    assertThat(done.getResults(1).getIncrement().getValue()).isEqualTo(5);
    assertThat(done.getResults(2).getGet().getValue().getValue()).isEqualTo(bytes("5"));
    assertThat(done.getResults(2).getGet().getValue().getVersion()).isEqualTo(version);
    assertThat(done.getResults(3).getDelete().getVersion()).isZero();
    fails(
        Status.Code.ABORTED,
        ErrorCode.VERSION_MISMATCH,
        "operation 1 of the batch",
        () -> keyValue.batch(batch));
    BatchRequest half =
        BatchRequest.newBuilder()
            .addOperations(write("c", "1", Condition.getDefaultInstance()))
            .addOperations(write("a", "1", absent))
            .build();
    fails(
        Status.Code.ABORTED,
        ErrorCode.VERSION_MISMATCH,
        "operation 2 of the batch",
        () -> keyValue.batch(half));
    assertThat(get("c").hasValue()).isFalse();
  }

  @Test
  void aBatchThatOnlyReadsMayReachAllPartitions() throws Exception {
    for (String key : List.of("a", "b", "c", "d")) {
      keyValue.put(
          PutRequest.newBuilder()
              .setKeyspace("parts")
              .setKey(bytes(key))
              .setValue(bytes("of " + key))
              .build());
    }
    BatchRequest.Builder batch = BatchRequest.newBuilder().setKeyspace("parts");
    for (String key : List.of("d", "none", "a")) {
      batch.addOperations(read(key));
    }
    BatchResponse found = keyValue.batch(batch.build());
    assertThat(found.getResults(0).getGet().getValue().getValue()).isEqualTo(bytes("of d"));
    assertThat(found.getResults(1).getGet().hasValue()).isFalse();
    assertThat(found.getResults(2).getGet().getValue().getValue()).isEqualTo(bytes("of a"));
    batch.addOperations(write("a", "x", Condition.getDefaultInstance()));
    fails(
        Status.Code.INVALID_ARGUMENT,
        ErrorCode.INVALID_ARGUMENT,
        "hash to the same partition",
        () -> keyValue.batch(batch.build()));
  }

  @Test
  void whatIsWrongIsNamed() throws Exception {
    GetRequest.Builder get = GetRequest.newBuilder();
    fails(
        Status.Code.NOT_FOUND,
        ErrorCode.NOT_FOUND,
        "there is no keyspace nosuch",
        () -> keyValue.get(get.setKeyspace("nosuch").setKey(bytes("k")).build()));
    fails(
        Status.Code.INVALID_ARGUMENT,
        ErrorCode.INVALID_ARGUMENT,
        "a key has at least one byte",
        () -> keyValue.get(GetRequest.getDefaultInstance()));
    fails(
        Status.Code.INVALID_ARGUMENT,
        ErrorCode.TOO_LARGE,
        "a key has at most 65535 bytes",
        () -> get("x".repeat(65_536)));
    fails(
        Status.Code.INVALID_ARGUMENT,
        ErrorCode.INVALID_ARGUMENT,
        "ahead of the node's clock",
        () ->
            keyValue.get(
                GetRequest.newBuilder().setKey(bytes("k")).setAsOf(Long.MAX_VALUE - 1).build()));
    fails(
        Status.Code.INVALID_ARGUMENT,
        ErrorCode.INVALID_ARGUMENT,
        "condition.absent must be true",
        () ->
            keyValue.put(
                PutRequest.newBuilder()
                    .setKey(bytes("k"))
                    .setCondition(Condition.newBuilder().setAbsent(false))
                    .build()));
    fails(
        Status.Code.INVALID_ARGUMENT,
        ErrorCode.INVALID_ARGUMENT,
        "at least one operation",
        () -> keyValue.batch(BatchRequest.getDefaultInstance()));
    fails(
        Status.Code.INVALID_ARGUMENT,
        ErrorCode.INVALID_ARGUMENT,
        "does not say what",
        () ->
            keyValue.batch(
                BatchRequest.newBuilder().addOperations(Operation.getDefaultInstance()).build()));
  }

  @Test
  void aValueOverTheLimitIsRefusedAndAMessageOverItBeforeItIsRead() throws Exception {
    PutRequest.Builder put = PutRequest.newBuilder().setKey(bytes("k"));
    fails(
        Status.Code.INVALID_ARGUMENT,
        ErrorCode.TOO_LARGE,
        "maximum allowed size",
        () ->
            keyValue.put(
                put.setValue(ByteString.copyFrom(new byte[16 * 1024 * 1024 + 1])).build()));
    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                keyValue.put(
                    put.setValue(ByteString.copyFrom(new byte[70 * 1024 * 1024])).build()));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(get("k").hasValue()).isFalse();
  }
}
