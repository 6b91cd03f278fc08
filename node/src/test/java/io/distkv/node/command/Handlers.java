package io.distkv.node.command;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The handlers over a store, a session and a node of the test's own, called like a server. */
final class Handlers {
  final CommandTable table = CommandTable.standard();
  final TreeStore store;
  final FakeSession session = new FakeSession();
  final FakeNode node = new FakeNode();

  Handlers() {
    this(new TreeStore());
  }

  Handlers(TreeStore store) {
    this.store = store;
  }

  static List<byte[]> words(String... words) {
    return List.of(words).stream().map(w -> w.getBytes(StandardCharsets.ISO_8859_1)).toList();
  }

  /** The reply as the second version of the protocol prints it. */
  String call(String... words) {
    return call(words(words), 2);
  }

  String call(List<byte[]> words, int protocol) {
    return RespText.of(run(words), protocol);
  }

  Reply run(List<byte[]> words) {
    return switch (table.prepare(words.toArray(byte[][]::new))) {
      case Prepared.Refused refused -> refused.error();
      case Prepared.Read read -> read.run(store);
      case Prepared.Write write -> write.run(store);
      case Prepared.Converse converse -> converse.run(session);
      case Prepared.Control control -> {
        List<Reply> replies = new ArrayList<>();
        control.run(session, node, replies::add);
        if (replies.size() != 1) {
          throw new AssertionError(control.spec().name() + " answered " + replies);
        }
        yield replies.getFirst();
      }
    };
  }
}
