package io.distkv.contract;

import com.google.protobuf.ByteString;
import io.distkv.client.NodeProcess;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** All doors into one node, and the keyspaces in which scenarios run. */
final class Doors implements Closeable {
  private final List<Door> all;
  private final Door keyspaces;
  private final AtomicInteger names = new AtomicInteger();

  Doors(NodeProcess node) throws IOException {
    String resp = node.address("resp");
    int respPort = Integer.parseInt(resp.substring(resp.lastIndexOf(':') + 1));
    String grpc = node.address("grpc");
    String http = node.address("http");
    all =
        List.of(
            new RespDoor(respPort),
            new RedisDoor(respPort),
            new GrpcDoor(grpc),
            HttpDoor.text(http),
            HttpDoor.base64(http),
            JavaDoor.streaming(grpc),
            JavaDoor.calling(grpc));
    keyspaces = new RespDoor(respPort);
  }

  List<Door> all() {
    return all;
  }

  /** A name that no keyspace has had, with a word in it that tells whose it is. */
  String newName(String word) {
    return word + "-" + names.incrementAndGet();
  }

  /** Makes a keyspace whose history will be gone when the node has been started again. */
  void makePast() throws IOException {
    create("past", 1, 0);
    for (String value : List.of("1", "2")) {
      keyspaces.ask(
          "past",
          new Operation.Put(
              ByteString.copyFromUtf8("a"),
              ByteString.copyFromUtf8(value),
              Operation.Condition.NONE,
              Operation.Life.FOR_EVER,
              false));
    }
  }

  /** Creates an empty keyspace. */
  String newKeyspace(String word, int partitions, long historyMillis) throws IOException {
    String name = newName(word);
    create(name, partitions, historyMillis);
    return name;
  }

  private void create(String name, int partitions, long historyMillis) throws IOException {
    Map<String, String> settings =
        Map.of("history", Long.toString(historyMillis), "durability", "none");
    Answer answer = keyspaces.ask("", new Operation.CreateKeyspace(name, partitions, settings));
    if (!(answer instanceof Answer.Described)) {
      throw new IllegalStateException("no keyspace for a scenario: " + answer);
    }
  }

  /** Deletes a keyspace, if it is there. */
  void drop(String name) throws IOException {
    keyspaces.ask("", new Operation.DropKeyspace(name, name));
  }

  @Override
  public void close() throws IOException {
    for (Door door : all) {
      door.close();
    }
    keyspaces.close();
  }
}
