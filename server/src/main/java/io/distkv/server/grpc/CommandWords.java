package io.distkv.server.grpc;

import com.google.protobuf.ByteString;
import io.distkv.api.v1.BatchRequest;
import io.distkv.api.v1.Condition;
import io.distkv.api.v1.DeleteRequest;
import io.distkv.api.v1.GetRequest;
import io.distkv.api.v1.IncrementRequest;
import io.distkv.api.v1.Life;
import io.distkv.api.v1.Operation;
import io.distkv.api.v1.PutRequest;
import io.distkv.server.call.BadRequestException;
import io.distkv.server.call.Words;
import java.util.List;

/** Puts requests into the words of commands. What is wrong with them beyond that, commands say. */
final class CommandWords {
  private static final byte[] GET = Words.ascii("KV.GET");
  private static final byte[] PUT = Words.ascii("KV.PUT");
  private static final byte[] NOTHING = Words.ascii("-");
  private static final byte[] NO_VALUE = {};

  private CommandWords() {}

  static byte[][] get(GetRequest request) {
    return request.getAsOf() == 0
        ? get(request.getKey())
        : Words.of(GET).add(LentBytes.of(request.getKey())).add("ASOF", request.getAsOf()).end();
  }

  private static byte[][] get(ByteString key) {
    return new byte[][] {GET, LentBytes.of(key)};
  }

  static byte[][] put(PutRequest request) {
    Words words =
        Words.of(PUT).add(LentBytes.of(request.getKey())).add(LentBytes.of(request.getValue()));
    condition(words, request.getCondition());
    life(words, request.getLife());
    if (request.getReturnPrevious()) {
      words.add("PREVIOUS");
    }
    return words.end();
  }

  static byte[][] delete(DeleteRequest request) {
    Words words = Words.of("KV.DELETE").add(LentBytes.of(request.getKey()));
    deleteCondition(words, request.getCondition());
    if (request.getReturnPrevious()) {
      words.add("PREVIOUS");
    }
    return words.end();
  }

  static byte[][] increment(IncrementRequest request) {
    Words words =
        Words.of("KV.INCR").add(LentBytes.of(request.getKey())).add(Long.toString(request.getBy()));
    if (request.getInitial() != 0) {
      words.add("INITIAL").add(Long.toString(request.getInitial()));
    }
    if (request.getTtlMillis() != 0) {
      words.add("TTL", request.getTtlMillis());
    }
    return words.end();
  }

  /** Of an operation that is no part of a batch. */
  static byte[][] operation(Operation operation) {
    return switch (operation.getOperationCase()) {
      case GET -> {
        requireNoCondition(operation.getGet());
        yield get(operation.getGet().getKey());
      }
      case PUT -> {
        Operation.Put put = operation.getPut();
        Words words =
            Words.of(PUT).add(LentBytes.of(put.getKey())).add(LentBytes.of(put.getValue()));
        condition(words, put.getCondition());
        life(words, put.getLife());
        yield words.end();
      }
      case DELETE -> {
        Words words = Words.of("KV.DELETE").add(LentBytes.of(operation.getDelete().getKey()));
        deleteCondition(words, operation.getDelete().getCondition());
        yield words.end();
      }
      case INCREMENT -> {
        Operation.Increment increment = operation.getIncrement();
        Words words =
            Words.of("KV.INCR")
                .add(LentBytes.of(increment.getKey()))
                .add(Long.toString(increment.getBy()));
        if (increment.getTtlMillis() != 0) {
          words.add("TTL", increment.getTtlMillis());
        }
        yield words.end();
      }
      case OPERATION_NOT_SET -> throw new BadRequestException("an operation does not say what");
    };
  }

  private static void requireNoCondition(Operation.Get get) {
    if (get.getCondition().getConditionCase() != Condition.ConditionCase.CONDITION_NOT_SET) {
      throw new BadRequestException("a read has a condition only within a batch");
    }
  }

  private static void condition(Words words, Condition condition) {
    switch (condition.getConditionCase()) {
      case ABSENT -> {
        requireTrue(condition.getAbsent(), "condition.absent");
        words.add("IFABSENT");
      }
      case PRESENT -> {
        requireTrue(condition.getPresent(), "condition.present");
        words.add("IFPRESENT");
      }
      case VERSION -> words.add("IFVERSION", condition.getVersion());
      case CONDITION_NOT_SET -> {
        // Nothing must hold.
      }
    }
  }

  private static void deleteCondition(Words words, Condition condition) {
    if (condition.getConditionCase() == Condition.ConditionCase.ABSENT) {
      throw new BadRequestException("absent is no condition for removing a key");
    }
    condition(words, condition);
  }

  private static void life(Words words, Life life) {
    switch (life.getLifeCase()) {
      case TTL_MILLIS -> words.add("TTL", life.getTtlMillis());
      case EXPIRE_AT_MILLIS -> words.add("EXPIREAT", life.getExpireAtMillis());
      case KEEP -> {
        requireTrue(life.getKeep(), "life.keep");
        words.add("KEEPTTL");
      }
      case LIFE_NOT_SET -> {
        // It never ends.
      }
    }
  }

  private static void requireTrue(boolean value, String field) {
    if (!value) {
      throw new BadRequestException(field + " must be true where it is set");
    }
  }

  /**
   * A batch that only reads, without conditions, is a read of many keys, which need not be in one
   * partition.
   */
  static byte[][] batch(BatchRequest request) {
    List<Operation> operations = request.getOperationsList();
    if (operations.isEmpty()) {
      throw new BadRequestException("a batch has at least one operation");
    }
    return onlyReads(operations) ? reads(operations) : batch(operations);
  }

  static boolean onlyReads(List<Operation> operations) {
    return operations.stream()
        .allMatch(operation ->
            operation.hasGet()
                && operation.getGet().getCondition().getConditionCase()
                    == Condition.ConditionCase.CONDITION_NOT_SET);
  }

  private static byte[][] reads(List<Operation> operations) {
    Words words = Words.of("KV.MGET");
    operations.forEach(operation -> words.add(LentBytes.of(operation.getGet().getKey())));
    return words.end();
  }

  private static byte[][] batch(List<Operation> operations) {
    Words words = Words.of("KV.BATCH");
    for (Operation operation : operations) {
      switch (operation.getOperationCase()) {
        case GET -> {
          words.add("GET").add(LentBytes.of(operation.getGet().getKey())).add(NO_VALUE);
          batchCondition(words, operation.getGet().getCondition());
          words.add(NOTHING);
        }
        case PUT -> {
          Operation.Put put = operation.getPut();
          words.add("PUT").add(LentBytes.of(put.getKey())).add(LentBytes.of(put.getValue()));
          batchCondition(words, put.getCondition());
          batchLife(words, put.getLife());
        }
        case DELETE -> {
          words.add("DELETE").add(LentBytes.of(operation.getDelete().getKey())).add(NO_VALUE);
          batchCondition(words, operation.getDelete().getCondition());
          words.add(NOTHING);
        }
        case INCREMENT -> {
          Operation.Increment increment = operation.getIncrement();
          words
              .add("INCR")
              .add(LentBytes.of(increment.getKey()))
              .add(Long.toString(increment.getBy()));
          words.add(NOTHING);
          words.add(
              increment.getTtlMillis() == 0
                  ? NOTHING
                  : Words.ascii(Long.toUnsignedString(increment.getTtlMillis())));
        }
        case OPERATION_NOT_SET -> throw new BadRequestException("an operation does not say what");
      }
    }
    return words.end();
  }

  private static void batchCondition(Words words, Condition condition) {
    switch (condition.getConditionCase()) {
      case ABSENT -> {
        requireTrue(condition.getAbsent(), "condition.absent");
        words.add("ABSENT");
      }
      case PRESENT -> {
        requireTrue(condition.getPresent(), "condition.present");
        words.add("PRESENT");
      }
      case VERSION -> words.add(Long.toUnsignedString(condition.getVersion()));
      case CONDITION_NOT_SET -> words.add(NOTHING);
    }
  }

  private static void batchLife(Words words, Life life) {
    switch (life.getLifeCase()) {
      case TTL_MILLIS -> words.add(Long.toUnsignedString(life.getTtlMillis()));
      case KEEP -> {
        requireTrue(life.getKeep(), "life.keep");
        words.add("KEEP");
      }
      case EXPIRE_AT_MILLIS ->
          throw new BadRequestException("expire_at_millis is not allowed within a batch");
      case LIFE_NOT_SET -> words.add(NOTHING);
    }
  }
}
