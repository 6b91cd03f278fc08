package io.distkv.node.world;

import io.distkv.node.command.Reply;
import io.distkv.node.session.Output;
import io.distkv.node.session.Session;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A client of a node in a {@link TestWorld}: what it was answered, as short texts. */
public final class TestClient implements Output {
  private final TestWorld world;
  private final int lane;
  private final Queue<Reply> replies = new ArrayDeque<>();
  private final List<String> events = new ArrayList<>();
  private int repliesSeen;
  private long replyRoomBytes = Long.MAX_VALUE;
  private @Nullable Session session;

  TestClient(TestWorld world, int lane) {
    this.world = world;
    this.lane = lane;
  }

  void opened(Session newSession) {
    session = newSession;
  }

  public Session session() {
    if (session == null) {
      throw new IllegalStateException("no session yet");
    }
    return session;
  }

  /** Sends a command in a turn of its own; words are separated by blanks. */
  public TestClient send(String command) {
    return pipeline(command);
  }

  /** Sends commands in one turn. */
  public TestClient pipeline(String... commands) {
    world.on(
        lane,
        () -> {
          for (String command : commands) {
            session().submit(words(command));
          }
        });
    return this;
  }

  /** Sends words as they are. */
  public TestClient sendWords(byte[]... words) {
    world.on(lane, () -> session().submit(words));
    return this;
  }

  /** Sends a command, lets the world run, and gives the reply. */
  public String call(String command) {
    send(command);
    world.run();
    return take();
  }

  /** The next reply; fails if there is none. */
  public String take() {
    Reply reply = replies.poll();
    if (reply == null) {
      throw new AssertionError("no reply");
    }
    return text(reply);
  }

  /** All replies that have come. */
  public List<String> takeAll() {
    List<String> all = new ArrayList<>();
    for (Reply reply = replies.poll(); reply != null; reply = replies.poll()) {
      all.add(text(reply));
    }
    return all;
  }

  /** Protocol switches and closes, each with the number of replies before it. */
  public List<String> events() {
    return events;
  }

  public static byte[][] words(String command) {
    String[] parts = command.split(" ", -1);
    byte[][] words = new byte[parts.length][];
    for (int i = 0; i < parts.length; i++) {
      words[i] = parts[i].getBytes(StandardCharsets.UTF_8);
    }
    return words;
  }

  /** A reply in a form that is easy to compare. */
  public static String text(Reply reply) {
    return switch (reply) {
      case Reply.Simple simple -> simple.text();
      case Reply.Failure failure -> "-" + failure.line();
      case Reply.Int number -> ":" + number.value();
      case Reply.Decimal number -> Long.toString(number.value());
      case Reply.Bulk bulk ->
          new String(bulk.array(), bulk.offset(), bulk.length(), StandardCharsets.UTF_8);
      case Reply.Null _ -> "null";
      case Reply.NullArray _ -> "null list";
      case Reply.Array array -> array.elements().stream().map(TestClient::text).toList().toString();
      case Reply.Pairs pairs -> pairs.flat().stream().map(TestClient::text).toList().toString();
      case Reply.Verbatim verbatim -> verbatim.text();
      default -> reply.toString();
    };
  }

  @Override
  public void reply(Reply reply) {
    repliesSeen++;
    replies.add(reply);
  }

  @Override
  public void unanswered() {
    events.add("unanswered after " + repliesSeen);
  }

  @Override
  public void protocol(int version) {
    events.add("protocol " + version + " after " + repliesSeen);
  }

  @Override
  public void close() {
    events.add("close after " + repliesSeen);
  }

  @Override
  public long inputBytes() {
    return 0;
  }

  @Override
  public boolean hasRoomFor(long replyBytes) {
    return replyBytes <= replyRoomBytes;
  }

  /** From here on, larger replies are more than there is memory for. */
  public void setReplyRoom(long bytes) {
    replyRoomBytes = bytes;
  }

  @Override
  public long outputBytes() {
    return 0;
  }
}
