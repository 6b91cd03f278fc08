package io.distkv.contract;

import io.distkv.api.v1.Change;
import io.distkv.api.v1.DeleteResponse;
import io.distkv.api.v1.Entry;
import io.distkv.api.v1.GetResponse;
import io.distkv.api.v1.IncrementResponse;
import io.distkv.api.v1.KeyspaceDescription;
import io.distkv.api.v1.KeyspaceSettings;
import io.distkv.api.v1.OperationResult;
import io.distkv.api.v1.PutResponse;
import io.distkv.api.v1.Value;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Puts the messages of the gRPC contract into answers. */
final class GrpcAnswers {
  private GrpcAnswers() {}

  static Answer get(GetResponse response) {
    return response.hasValue() ? found(response.getValue()) : new Answer.Nothing();
  }

  private static Answer.Found found(Value value) {
    return new Answer.Found(
        value.getValue(),
        value.getVersion(),
        value.hasTtlMillis() ? value.getTtlMillis() : Answer.FOR_EVER);
  }

  static Answer put(PutResponse response) {
    return new Answer.Written(
        response.getVersion(), response.hasPrevious() ? found(response.getPrevious()) : null);
  }

  static Answer delete(DeleteResponse response) {
    return response.getVersion() == 0
        ? new Answer.Nothing()
        : new Answer.Deleted(
            response.getVersion(), response.hasPrevious() ? found(response.getPrevious()) : null);
  }

  static Answer increment(IncrementResponse response) {
    return new Answer.Sum(response.getValue(), response.getVersion());
  }

  static Answer result(OperationResult result) {
    return switch (result.getResultCase()) {
      case GET -> get(result.getGet());
      case PUT -> put(result.getPut());
      case DELETE -> delete(result.getDelete());
      case INCREMENT -> increment(result.getIncrement());
      case RESULT_NOT_SET -> throw new AssertionError("a result of no operation");
    };
  }

  static Answer.Entry entry(Entry entry, boolean keysOnly) {
    return new Answer.Entry(
        entry.getKey(),
        keysOnly ? null : entry.getValue(),
        entry.getVersion(),
        entry.hasTtlMillis() ? entry.getTtlMillis() : Answer.FOR_EVER);
  }

  static Answer.Change change(Change change) {
    return new Answer.Change(
        change.getKey(), change.hasValue() ? change.getValue() : null, change.getVersion());
  }

  static Answer described(KeyspaceDescription description) {
    KeyspaceSettings settings = description.getSettings();
    return new Answer.Described(
        Map.of(
            "partitions",
            Integer.toString(description.getPartitions()),
            "durability",
            lastWord(settings.getDurability().name()),
            "interval",
            Long.toString(settings.getIntervalMillis()),
            "history",
            Long.toString(settings.getHistoryMillis()),
            "compression",
            settings.getCompressionList().stream()
                .map(each -> lastWord(each.name()))
                .collect(Collectors.joining(",")),
            "max-bytes",
            Long.toString(settings.getMaxBytes())));
  }

  private static String lastWord(String name) {
    return name.substring(name.lastIndexOf('_') + 1).toLowerCase(Locale.ROOT);
  }
}
