package io.distkv.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.distkv.api.v1.BatchResponse;
import io.distkv.api.v1.DeleteResponse;
import io.distkv.api.v1.Entry;
import io.distkv.api.v1.GetResponse;
import io.distkv.api.v1.IncrementResponse;
import io.distkv.api.v1.Operation.OperationCase;
import io.distkv.api.v1.OperationResult;
import io.distkv.api.v1.PutResponse;
import io.distkv.api.v1.Value;
import io.distkv.node.command.Reply;
import java.util.List;

/** Puts the replies of commands into messages. Nobody changes a reply's arrays: none is copied. */
final class Answers {
  private Answers() {}

  static GetResponse get(Reply reply) {
    return reply instanceof Reply.Array(List<Reply> parts)
        ? GetResponse.newBuilder().setValue(value(parts)).build()
        : GetResponse.getDefaultInstance();
  }

  /** Value, version, milliseconds left. */
  private static Value value(List<Reply> parts) {
    Value.Builder value =
        Value.newBuilder().setValue(bytes(parts.get(0))).setVersion(version(parts.get(1)));
    long left = number(parts.get(2));
    if (left >= 0) {
      value.setTtlMillis(left);
    }
    return value.build();
  }

  static PutResponse put(Reply reply) {
    List<Reply> parts = parts(reply);
    PutResponse.Builder put = PutResponse.newBuilder().setVersion(version(parts.get(0)));
    if (parts.get(1) instanceof Reply.Array(List<Reply> previous)) {
      put.setPrevious(value(previous));
    }
    return put.build();
  }

  static DeleteResponse delete(Reply reply) {
    List<Reply> parts = parts(reply);
    if (parts.get(0) instanceof Reply.Null) {
      return DeleteResponse.getDefaultInstance();
    }
    DeleteResponse.Builder delete = DeleteResponse.newBuilder().setVersion(version(parts.get(0)));
    if (parts.get(1) instanceof Reply.Array(List<Reply> previous)) {
      delete.setPrevious(value(previous));
    }
    return delete.build();
  }

  static IncrementResponse increment(Reply reply) {
    List<Reply> parts = parts(reply);
    return IncrementResponse.newBuilder()
        .setValue(number(parts.get(0)))
        .setVersion(version(parts.get(1)))
        .build();
  }

  static OperationResult operation(OperationCase kind, Reply reply) {
    OperationResult.Builder result = OperationResult.newBuilder();
    return switch (kind) {
      case GET -> result.setGet(get(reply)).build();
      case PUT -> result.setPut(put(reply)).build();
      case DELETE -> result.setDelete(delete(reply)).build();
      case INCREMENT -> result.setIncrement(increment(reply)).build();
      case OPERATION_NOT_SET -> throw new IllegalStateException("nothing was done");
    };
  }

  static BatchResponse batch(List<OperationCase> kinds, Reply reply) {
    List<Reply> results = parts(reply);
    BatchResponse.Builder batch = BatchResponse.newBuilder();
    for (int i = 0; i < kinds.size(); i++) {
      batch.addResults(operation(kinds.get(i), results.get(i)));
    }
    return batch.build();
  }

  /** Key, value or null, version, milliseconds left. */
  static Entry entry(Reply reply) {
    List<Reply> parts = parts(reply);
    Entry.Builder entry =
        Entry.newBuilder().setKey(bytes(parts.get(0))).setVersion(version(parts.get(2)));
    if (!(parts.get(1) instanceof Reply.Null)) {
      entry.setValue(bytes(parts.get(1)));
    }
    long left = number(parts.get(3));
    if (left >= 0) {
      entry.setTtlMillis(left);
    }
    return entry.build();
  }

  static List<Reply> parts(Reply reply) {
    return ((Reply.Array) reply).elements();
  }

  static ByteString bytes(Reply reply) {
    Reply.Bulk bulk = (Reply.Bulk) reply;
    return UnsafeByteOperations.unsafeWrap(bulk.array(), bulk.offset(), bulk.length());
  }

  private static long number(Reply reply) {
    return ((Reply.Int) reply).value();
  }

  private static long version(Reply reply) {
    return ((Reply.Decimal) reply).value();
  }
}
