package io.distkv.contract;

import com.google.protobuf.ByteString;
import io.distkv.contract.RespConnection.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts the replies of the commands that tell versions into answers. */
final class RespAnswers {
  private RespAnswers() {}

  static Answer answer(Operation operation, Reply reply) {
    return switch (operation) {
      case Operation.Get _ -> {
        Answer.Found found = found(reply);
        yield found == null ? new Answer.Nothing() : found;
      }
      case Operation.Put _ -> new Answer.Written(version(part(reply, 0)), found(part(reply, 1)));
      case Operation.Delete _ ->
          part(reply, 0) instanceof Reply.Null
              ? new Answer.Nothing()
              : new Answer.Deleted(version(part(reply, 0)), found(part(reply, 1)));
      case Operation.Increment _ -> new Answer.Sum(number(part(reply, 0)), version(part(reply, 1)));
      case Operation.Batch batch -> {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < batch.operations().size(); i++) {
          answers.add(answer(batch.operations().get(i), part(reply, i)));
        }
        yield new Answer.Results(answers);
      }
      default -> throw new IllegalArgumentException(operation.toString());
    };
  }

  static Reply part(Reply reply, int index) {
    return ((Reply.Array) reply).elements().get(index);
  }

  private static Answer.@Nullable Found found(Reply reply) {
    return reply instanceof Reply.Null
        ? null
        : new Answer.Found(
            ((Reply.Bulk) part(reply, 0)).bytes(), version(part(reply, 1)), number(part(reply, 2)));
  }

  private static long version(Reply reply) {
    return Long.parseLong(((Reply.Bulk) reply).text());
  }

  static long number(Reply reply) {
    return ((Reply.Int) reply).value();
  }

  static Answer.Entry entry(Reply entry) {
    ByteString value = part(entry, 1) instanceof Reply.Bulk bulk ? bulk.bytes() : null;
    return new Answer.Entry(
        ((Reply.Bulk) part(entry, 0)).bytes(),
        value,
        version(part(entry, 2)),
        number(part(entry, 3)));
  }

  static Answer ofKeyspaces(Operation.OfKeyspaces operation, Reply reply) {
    return switch (operation) {
      case Operation.DropKeyspace _ -> new Answer.Done();
      case Operation.FindKeyspace find ->
          map(reply).containsKey(find.name()) ? new Answer.Done() : new Answer.Nothing();
      default -> {
        Map<String, String> said = map(reply);
        Map<String, String> fields = new TreeMap<>();
        for (String name :
            List.of("partitions", "durability", "interval", "history", "compression")) {
          fields.put(name, Objects.requireNonNull(said.get(name), name));
        }
        fields.put("max-bytes", Objects.requireNonNull(said.get("maxBytes")));
        yield new Answer.Described(fields);
      }
    };
  }

  private static Map<String, String> map(Reply reply) {
    List<Reply> flat = ((Reply.Array) reply).elements();
    Map<String, String> map = new TreeMap<>();
    for (int i = 0; i < flat.size(); i += 2) {
      map.put(
          ((Reply.Bulk) flat.get(i)).text(),
          switch (flat.get(i + 1)) {
            case Reply.Bulk bulk -> bulk.text();
            case Reply.Int number -> Long.toString(number.value());
            default -> "";
          });
    }
    return map;
  }
}
