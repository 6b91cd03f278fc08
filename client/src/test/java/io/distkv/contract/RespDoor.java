package io.distkv.contract;

import static io.distkv.contract.RespConnection.words;

import com.google.protobuf.ByteString;
import io.distkv.contract.RespConnection.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** RESP, version 3, with the commands that tell versions: KV.* and KEYSPACE. */
final class RespDoor implements Door {
  private static final long MOST_PAGE = 10_000;

  private final RespConnection connection;
  private @Nullable String selected;

  RespDoor(int port) throws IOException {
    connection = new RespConnection(port, 3);
  }

  @Override
  public String name() {
    return "resp";
  }

  @Override
  public Answer ask(String keyspace, Operation operation) throws IOException {
    if (operation instanceof Operation.OfKeyspaces ofKeyspaces) {
      return ask(ofKeyspaces);
    }
    if (!keyspace.equals(selected)) {
      if (connection.call(words("SELECT", keyspace)) instanceof Reply.Failure failure) {
        return refused(failure);
      }
      selected = keyspace;
    }
    if (operation instanceof Operation.Watch) {
      return new Answer.NotOffered("watches");
    }
    if (operation instanceof Operation.Scan scan) {
      return scan(scan);
    }
    Reply reply = connection.call(RespWords.words(operation));
    return reply instanceof Reply.Failure failure
        ? refused(failure)
        : RespAnswers.answer(operation, reply);
  }

  /** A keyspace that was dropped is selected anew: there may be another of its name. */
  private Answer refused(Reply.Failure failure) {
    if (failure.line().endsWith("SELECT another")) {
      selected = null;
    }
    return RespErrors.refused(failure.line());
  }

  private Answer scan(Operation.Scan scan) throws IOException {
    List<Answer.Entry> entries = new ArrayList<>();
    long limit = scan.limit() == null ? Long.MAX_VALUE : scan.limit();
    ByteString from = scan.from();
    ByteString to = scan.to();
    while (true) {
      long page = scan.page() == null ? Math.min(limit - entries.size(), MOST_PAGE) : scan.page();
      Reply reply = connection.call(RespWords.scan(scan, from, to, page));
      if (reply instanceof Reply.Failure failure) {
        return refused(failure);
      }
      for (Reply entry : ((Reply.Array) RespAnswers.part(reply, 0)).elements()) {
        entries.add(RespAnswers.entry(entry));
      }
      if (entries.size() >= limit || !(RespAnswers.part(reply, 1) instanceof Reply.Bulk next)) {
        return new Answer.Listed(entries);
      }
      from = scan.reverse() ? from : next.bytes();
      to = scan.reverse() ? next.bytes() : to;
    }
  }

  private Answer ask(Operation.OfKeyspaces operation) throws IOException {
    Reply reply = connection.call(RespWords.ofKeyspaces(operation));
    return reply instanceof Reply.Failure failure
        ? refused(failure)
        : RespAnswers.ofKeyspaces(operation, reply);
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
