package io.distkv.node.command;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A session that only remembers what commands told it. */
final class FakeSession implements SessionState {
  /** What was called, in order, such as {@code unwatch}. */
  final List<String> calls = new ArrayList<>();

  int protocol = 2;
  String name = "";
  String libraryName = "";
  String libraryVersion = "";
  int keyspace;
  boolean passwordRequired;
  boolean authenticated = true;
  boolean inTransaction;
  ReplyMode replyMode = ReplyMode.ON;

  @Override
  public long id() {
    return 7;
  }

  @Override
  public int protocol() {
    return protocol;
  }

  @Override
  public void setProtocol(int version) {
    protocol = version;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void setName(String newName) {
    name = newName;
  }

  @Override
  public void setLibrary(String newName, String version) {
    libraryName = newName;
    libraryVersion = version;
  }

  @Override
  public String libraryName() {
    return libraryName;
  }

  @Override
  public String libraryVersion() {
    return libraryVersion;
  }

  @Override
  public ClientInfo info() {
    return FakeNode.client(id(), name);
  }

  @Override
  public boolean select(String numberOrName) {
    int number = List.of("0", "1", "2").indexOf(numberOrName);
    if (numberOrName.equals("default")) {
      number = 0;
    }
    if (number >= 0) {
      keyspace = number;
    }
    return number >= 0;
  }

  @Override
  public int keyspace() {
    return keyspace;
  }

  @Override
  public boolean passwordRequired() {
    return passwordRequired;
  }

  @Override
  public boolean authenticated() {
    return authenticated;
  }

  @Override
  public void authenticate(String user, byte[] password, Consumer<Boolean> done) {
    boolean right =
        user.equals("default") && (!passwordRequired || Bytes.text(password).equals("secret"));
    authenticated |= right;
    done.accept(right);
  }

  @Override
  public void setNoEvict(boolean on) {
    calls.add("noEvict " + on);
  }

  @Override
  public void setNoTouch(boolean on) {
    calls.add("noTouch " + on);
  }

  @Override
  public void setReplyMode(ReplyMode mode) {
    replyMode = mode;
  }

  @Override
  public boolean inTransaction() {
    return inTransaction;
  }

  @Override
  public void beginTransaction() {
    inTransaction = true;
  }

  @Override
  public void discardTransaction() {
    inTransaction = false;
    calls.add("discard");
  }

  @Override
  public void execute(Consumer<Reply> done) {
    inTransaction = false;
    done.accept(Reply.EMPTY_ARRAY);
  }

  @Override
  public void watch(List<byte[]> keys, Consumer<Reply> done) {
    calls.add("watch " + keys.stream().map(Bytes::text).toList());
    done.accept(Reply.OK);
  }

  @Override
  public void unwatch() {
    calls.add("unwatch");
  }

  @Override
  public void reset() {
    calls.add("reset");
  }

  @Override
  public void closeAfterReply() {
    calls.add("close");
  }
}
