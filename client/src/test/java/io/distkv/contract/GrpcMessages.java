package io.distkv.contract;

import com.google.protobuf.ByteString;
import io.distkv.api.v1.Compression;
import io.distkv.api.v1.Condition;
import io.distkv.api.v1.DeleteRequest;
import io.distkv.api.v1.Durability;
import io.distkv.api.v1.GetRequest;
import io.distkv.api.v1.IncrementRequest;
import io.distkv.api.v1.KeyspaceSettings;
import io.distkv.api.v1.Life;
import io.distkv.api.v1.PutRequest;
import io.distkv.api.v1.ScanRequest;
import io.distkv.api.v1.WatchRequest;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts operations into the messages of the gRPC contract. */
final class GrpcMessages {
  private GrpcMessages() {}

  static GetRequest get(String keyspace, Operation.Get get) {
    return GetRequest.newBuilder()
        .setKeyspace(keyspace)
        .setKey(get.key())
        .setAsOf(orZero(get.asOf()))
        .build();
  }

  private static long orZero(@Nullable Long number) {
    return number == null ? 0 : number;
  }

  static PutRequest put(String keyspace, Operation.Put put) {
    return PutRequest.newBuilder()
        .setKeyspace(keyspace)
        .setKey(put.key())
        .setValue(put.value())
        .setCondition(condition(put.condition()))
        .setLife(life(put.life()))
        .setReturnPrevious(put.returnPrevious())
        .build();
  }

  static DeleteRequest delete(String keyspace, Operation.Delete delete) {
    return DeleteRequest.newBuilder()
        .setKeyspace(keyspace)
        .setKey(delete.key())
        .setCondition(condition(delete.condition()))
        .setReturnPrevious(delete.returnPrevious())
        .build();
  }

  static IncrementRequest increment(String keyspace, Operation.Increment increment) {
    return IncrementRequest.newBuilder()
        .setKeyspace(keyspace)
        .setKey(increment.key())
        .setBy(increment.by())
        .setInitial(increment.initial())
        .setTtlMillis(orZero(increment.ttlMillis()))
        .build();
  }

  static WatchRequest watch(String keyspace, Operation.Watch watch) {
    WatchRequest.Builder request =
        WatchRequest.newBuilder()
            .setKeyspace(keyspace)
            .setAfterVersion(watch.after())
            .setProgressMillis(100);
    if (watch.key() != null) {
      request.setKey(watch.key());
    } else if (watch.prefix() != null) {
      request.setPrefix(watch.prefix());
    }
    return request.build();
  }

  static io.distkv.api.v1.Operation operation(Operation.Single operation) {
    io.distkv.api.v1.Operation.Builder message = io.distkv.api.v1.Operation.newBuilder();
    switch (operation) {
      case Operation.Get get ->
          message.getGetBuilder().setKey(get.key()).setCondition(condition(get.condition()));
      case Operation.Put put ->
          message
              .getPutBuilder()
              .setKey(put.key())
              .setValue(put.value())
              .setCondition(condition(put.condition()))
              .setLife(life(put.life()));
      case Operation.Delete delete ->
          message
              .getDeleteBuilder()
              .setKey(delete.key())
              .setCondition(condition(delete.condition()));
      case Operation.Increment increment ->
          message
              .getIncrementBuilder()
              .setKey(increment.key())
              .setBy(increment.by())
              .setTtlMillis(orZero(increment.ttlMillis()));
    }
    return message.build();
  }

  private static Condition condition(Operation.Condition condition) {
    return switch (condition.kind()) {
      case NONE -> Condition.getDefaultInstance();
      case ABSENT -> Condition.newBuilder().setAbsent(true).build();
      case PRESENT -> Condition.newBuilder().setPresent(true).build();
      case VERSION -> Condition.newBuilder().setVersion(condition.version()).build();
    };
  }

  private static Life life(Operation.Life life) {
    return switch (life.term()) {
      case FOR_EVER -> Life.getDefaultInstance();
      case TTL -> Life.newBuilder().setTtlMillis(life.millis()).build();
      case UNTIL -> Life.newBuilder().setExpireAtMillis(life.millis()).build();
      case KEEP -> Life.newBuilder().setKeep(true).build();
    };
  }

  static ScanRequest scan(String keyspace, Operation.Scan scan, long limit, ByteString token) {
    return ScanRequest.newBuilder()
        .setKeyspace(keyspace)
        .setStart(orEmpty(scan.from()))
        .setEnd(orEmpty(scan.to()))
        .setPrefix(orEmpty(scan.prefix()))
        .setReverse(scan.reverse())
        .setLimit(limit)
        .setKeysOnly(scan.keysOnly())
        .setAsOf(orZero(scan.asOf()))
        .setResumeToken(token)
        .build();
  }

  private static ByteString orEmpty(@Nullable ByteString bytes) {
    return bytes == null ? ByteString.EMPTY : bytes;
  }

  static KeyspaceSettings settings(Map<String, String> settings) {
    KeyspaceSettings.Builder message = KeyspaceSettings.newBuilder();
    settings.forEach((name, value) -> {
      switch (name) {
        case "durability" ->
            message.setDurability(
                Durability.valueOf("DURABILITY_" + value.toUpperCase(Locale.ROOT)));
        case "interval" -> message.setIntervalMillis(Long.parseLong(value));
        case "history" -> message.setHistoryMillis(Long.parseLong(value));
        case "max-bytes" -> message.setMaxBytes(Long.parseLong(value));
        case "compression" -> {
          for (String each : value.split(",", -1)) {
            message.addCompression(
                Compression.valueOf("COMPRESSION_" + each.toUpperCase(Locale.ROOT)));
          }
        }
        default -> throw new IllegalArgumentException("no setting of a keyspace: " + name);
      }
    });
    return message.build();
  }
}
