package io.distkv.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
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
import io.distkv.api.v1.OperationResult;
import io.distkv.api.v1.PutRequest;
import io.distkv.api.v1.PutResponse;
import io.distkv.api.v1.ScanRequest;
import io.distkv.api.v1.ScanResponse;
import io.distkv.api.v1.WatchRequest;
import io.distkv.api.v1.WatchResponse;
import io.distkv.client.ResumingStream.Endurance;
import io.distkv.client.RetryTable.Kind;
import io.grpc.MethodDescriptor;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * The operations of a keyspace, of which both its faces are made: each checks what it is given,
 * begins, and gives what is pending.
 *
 * @param timeoutNanos how long an operation may take
 */
record KeyspaceCalls<K, V>(Engine engine, Messages<K, V> messages, long timeoutNanos) {

  Pending<GetResponse, Optional<Value<V>>> get(K key, GetOptions options) {
    ByteString bytes = messages.key(key);
    if (options.asOfVersion() == 0 && shares(bytes.size())) {
      return pending(
          shared("get", Kind.READ, bytes.size(), Operations.get(bytes), OperationResult::getGet),
          messages::found);
    }
    GetRequest request =
        GetRequest.newBuilder()
            .setKeyspace(messages.keyspace())
            .setKey(bytes)
            .setAsOf(options.asOfVersion())
            .build();
    return pending(
        unary("get", Kind.READ, bytes.size(), KeyValueGrpc.getGetMethod(), request),
        messages::found);
  }

  Pending<PutResponse, Written<V>> put(K key, V value, PutOptions options) {
    ByteString keyBytes = messages.key(key);
    ByteString valueBytes = messages.value(value);
    long sizeBytes = keyBytes.size() + (long) valueBytes.size();
    if (!options.returnsPrevious() && shares(sizeBytes)) {
      Operation put = Operations.put(keyBytes, valueBytes, options);
      return pending(
          shared("put", Kind.WRITE, sizeBytes, put, OperationResult::getPut), messages::written);
    }
    PutRequest request =
        PutRequest.newBuilder()
            .setKeyspace(messages.keyspace())
            .setKey(keyBytes)
            .setValue(valueBytes)
            .setCondition(options.condition())
            .setLife(options.life())
            .setReturnPrevious(options.returnsPrevious())
            .build();
    return pending(
        unary("put", Kind.WRITE, sizeBytes, KeyValueGrpc.getPutMethod(), request),
        messages::written);
  }

  Pending<DeleteResponse, Written<V>> delete(K key, DeleteOptions options) {
    ByteString bytes = messages.key(key);
    if (!options.returnsPrevious() && shares(bytes.size())) {
      Operation delete = Operations.delete(bytes, options);
      return pending(
          shared("delete", Kind.WRITE, bytes.size(), delete, OperationResult::getDelete),
          messages::written);
    }
    DeleteRequest request =
        DeleteRequest.newBuilder()
            .setKeyspace(messages.keyspace())
            .setKey(bytes)
            .setCondition(options.condition())
            .setReturnPrevious(options.returnsPrevious())
            .build();
    return pending(
        unary("delete", Kind.WRITE, bytes.size(), KeyValueGrpc.getDeleteMethod(), request),
        messages::written);
  }

  Pending<IncrementResponse, Sum> increment(K key, long by, IncrementOptions options) {
    ByteString bytes = messages.key(key);
    if (options.initial() == 0 && shares(bytes.size())) {
      Operation increment = Operations.increment(bytes, by, options);
      return pending(
          shared("increment", Kind.WRITE, bytes.size(), increment, OperationResult::getIncrement),
          Messages::sum);
    }
    IncrementRequest request =
        IncrementRequest.newBuilder()
            .setKeyspace(messages.keyspace())
            .setKey(bytes)
            .setBy(by)
            .setInitial(options.initial())
            .setTtlMillis(options.ttlMillis())
            .build();
    return pending(
        unary("increment", Kind.WRITE, bytes.size(), KeyValueGrpc.getIncrementMethod(), request),
        Messages::sum);
  }

  Pending<BatchResponse, BatchResults> commit(Batch<K, V> batch) {
    BatchRequest request = batch.request();
    if (!request.getKeyspace().equals(messages.keyspace())) {
      throw new IllegalArgumentException("the batch is one of keyspace " + request.getKeyspace());
    }
    return pending(
        unary("batch", batch.kind(), batch.sizeBytes(), KeyValueGrpc.getBatchMethod(), request),
        response -> new BatchResults(batch, response.getResultsList()));
  }

  Scan<Entry<K, V>> scan(ScanOptions<K> options) {
    return new Scan<>(scan(options, false), messages::entry);
  }

  Scan<Key<K>> scanKeys(ScanOptions<K> options) {
    return new Scan<>(scan(options, true), messages::keyEntry);
  }

  private ResumingStream<ScanRequest, ScanResponse> scan(ScanOptions<K> options, boolean keysOnly) {
    ScanRequest request = messages.scan(options, keysOnly);
    return new ResumingStream<>(
        engine,
        "scan",
        messages.keyspace(),
        KeyValueGrpc.getScanMethod(),
        new ScanPosition(request),
        timeoutNanos,
        null);
  }

  /** Waits until the watch has begun. */
  Watch<K, V> watch(WatchOptions<K> options) {
    WatchRequest request = messages.watch(options);
    WatchPosition position = new WatchPosition(request);
    Endurance endurance =
        new Endurance(options.progress().toNanos() + timeoutNanos, options.patience().toNanos());
    ResumingStream<WatchRequest, WatchResponse> stream =
        new ResumingStream<>(
            engine,
            "watch",
            messages.keyspace(),
            KeyValueGrpc.getWatchMethod(),
            position,
            timeoutNanos,
            endurance);
    return Watch.begin(stream, position, messages, options.afterVersion());
  }

  /** Whether an operation of this size shares messages with others, if a pipeline can say it. */
  private boolean shares(long sizeBytes) {
    Batching batching = engine.options().batching();
    return batching.enabled() && sizeBytes <= batching.bytes();
  }

  private <R> PipelinedCall<R> shared(
      String name,
      Kind kind,
      long sizeBytes,
      Operation operation,
      Function<OperationResult, R> result) {
    return new PipelinedCall<>(name, messages.keyspace(), kind, sizeBytes, operation, result);
  }

  private <Q extends MessageLite, R> UnaryCall<Q, R> unary(
      String name, Kind kind, long sizeBytes, MethodDescriptor<Q, R> method, Q request) {
    return new UnaryCall<>(name, messages.keyspace(), kind, sizeBytes, method, request);
  }

  private <R, T> Pending<R, T> pending(Call<R> call, Function<R, T> meaning) {
    return new Pending<>(Execution.start(engine, call, timeoutNanos), meaning);
  }

  Executor executor() {
    return engine.executor();
  }
}
