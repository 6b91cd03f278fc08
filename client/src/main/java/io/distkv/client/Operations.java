package io.distkv.client;

import com.google.protobuf.ByteString;
import io.distkv.api.v1.Condition;
import io.distkv.api.v1.Life;
import io.distkv.api.v1.Operation;

/** Operations as parts of batches and pipelines. What is not set takes no bytes. */
final class Operations {
  private Operations() {}

  static Operation get(ByteString key) {
    return Operation.newBuilder().setGet(Operation.Get.newBuilder().setKey(key)).build();
  }

  static Operation put(ByteString key, ByteString value, PutOptions options) {
    Operation.Put.Builder put = Operation.Put.newBuilder().setKey(key).setValue(value);
    if (isSet(options.condition())) {
      put.setCondition(options.condition());
    }
    if (options.life().getLifeCase() != Life.LifeCase.LIFE_NOT_SET) {
      put.setLife(options.life());
    }
    return Operation.newBuilder().setPut(put).build();
  }

  static Operation delete(ByteString key, DeleteOptions options) {
    Operation.Delete.Builder delete = Operation.Delete.newBuilder().setKey(key);
    if (isSet(options.condition())) {
      delete.setCondition(options.condition());
    }
    return Operation.newBuilder().setDelete(delete).build();
  }

  static Operation increment(ByteString key, long by, IncrementOptions options) {
    return Operation.newBuilder()
        .setIncrement(
            Operation.Increment.newBuilder()
                .setKey(key)
                .setBy(by)
                .setTtlMillis(options.ttlMillis()))
        .build();
  }

  private static boolean isSet(Condition condition) {
    return condition.getConditionCase() != Condition.ConditionCase.CONDITION_NOT_SET;
  }
}
