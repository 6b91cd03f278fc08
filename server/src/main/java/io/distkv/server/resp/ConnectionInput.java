package io.distkv.server.resp;

import static io.distkv.server.resp.ConnectionCounters.Event.BYTES_READ;
import static io.distkv.server.resp.ConnectionCounters.Event.INPUT_PAUSES;
import static io.distkv.server.resp.ConnectionCounters.Event.MEMORY_PAUSES;
import static io.distkv.server.resp.ConnectionCounters.Event.PROTOCOL_ERRORS;

import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one Redis client sends: when it is read, and how it becomes requests of the connection.
 *
 * <p>The channel never reads by itself. A read is asked for when all that came before has been
 * parsed, and parsing stops while the connection's {@link ClientLoad} is too much: too many
 * requests under way, too many replies that wait for the client, or more than its share of a memory
 * that is short. So a client is slowed by its own slowness: TCP holds back what the node does not
 * read, and the node holds at most one read's worth of bytes not parsed yet.
 *
 * <p>Parsing goes on after a pause at the end of the lane's turn only, when nobody else is in the
 * middle of the memory that all connections of the lane parse in.
 *
 * <p>Used on the connection's lane only.
 */
final class ConnectionInput {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionInput.class);

  private final LaneConnections shared;
  private final Channel channel;
  private final RespConnection connection;
  private final RequestParser parser;
  private final ClientLoad load;

  private final ArrayDeque<ByteBuf> unparsed = new ArrayDeque<>();

  /** Too much is under way: nothing is parsed or read until {@link #resume} ends the pause. */
  private boolean paused;

  /** The buffers in {@link #unparsed} are being used further up the stack. */
  private boolean parsing;

  /** The client sends no more, or is not listened to any more. */
  private boolean ended;

  /** Nothing more that it sent is looked at, though it may have sent more. */
  private boolean ignored;

  /** What the client is told after the last reply, when it broke the protocol. */
  private @Nullable Reply lastWord;

  private long lastNanos;

  ConnectionInput(
      LaneConnections shared,
      Channel channel,
      RespConnection connection,
      RequestParser parser,
      ClientLoad load) {
    this.shared = shared;
    this.channel = channel;
    this.connection = connection;
    this.parser = parser;
    this.load = load;
    this.lastNanos = shared.nowNanos();
  }

  /** Takes what was read. */
  void read(ByteBuf bytes) {
    if (isOver()) {
      bytes.release();
      return;
    }
    shared.counters().add(BYTES_READ, bytes.readableBytes());
    load.received(bytes.readableBytes());
    unparsed.add(bytes);
    if (!paused) {
      parse();
      connection.sendSoon();
    }
  }

  /** A read is over: asks for the next one, unless there is a pause. */
  void readComplete() {
    lastNanos = shared.nowNanos();
    if (!paused && !isOver()) {
      channel.read();
    }
  }

  /** Whether nothing more that the client sends is looked at. */
  private boolean isOver() {
    return ignored || connection.isClosing();
  }

  private void parse() {
    parsing = true;
    try {
      while (!isOver() && !unparsed.isEmpty()) {
        if (!parse(unparsed.element())) {
          pause();
          // A reply may have come within submit, before there was a pause for it to end.
          connection.attendAtTurnEnd();
          return;
        }
        unparsed.remove().release();
      }
    } catch (ProtocolException e) {
      shared.counters().add(PROTOCOL_ERRORS, 1);
      LOG.debug("{}: protocol error: {}", connection.address(), e.getMessage());
      lastWord = Errors.invalid("Protocol error: " + e.getMessage());
      ignoreRest();
    } finally {
      parsing = false;
      if (isOver()) {
        drop();
      }
      connection.count();
    }
  }

  /** Submits the requests in a buffer; false if it had to stop because too much is under way. */
  private boolean parse(ByteBuf bytes) throws ProtocolException {
    byte[] scratch = shared.scratch();
    while (bytes.isReadable()) {
      int length = Math.min(scratch.length, bytes.readableBytes());
      bytes.getBytes(bytes.readerIndex(), scratch, 0, length);
      int at = 0;
      while (at < length) {
        if (load.mustPause()) {
          bytes.skipBytes(at);
          return false;
        }
        at = parser.parse(scratch, at, length);
        byte[][] request = parser.take();
        if (request != null && !connection.submit(request)) {
          return true;
        }
      }
      bytes.skipBytes(length);
    }
    return true;
  }

  private void pause() {
    paused = true;
    shared.counters().add(INPUT_PAUSES, 1);
    if (load.mustWaitForMemory()) {
      shared.counters().add(MEMORY_PAUSES, 1);
    }
  }

  /** Goes on where it had to pause, if that is over; called at the end of a turn. */
  void resume() {
    if (paused && load.mayResume(channel.isWritable())) {
      paused = false;
      parse();
      connection.sendSoon();
      if (!paused && !isOver()) {
        channel.read();
      }
    }
    if (paused && load.mustWaitForMemory()) {
      shared.memory().await(connection);
    }
  }

  /** The client sends no more; what it sent is still made into requests. */
  void end() {
    ended = true;
    connection.attendAtTurnEnd();
  }

  /** Takes no more requests, whatever the client has sent or sends. */
  void ignoreRest() {
    ignored = true;
    paused = false;
    drop();
    end();
  }

  boolean isPaused() {
    return paused;
  }

  /** Whether requests are being submitted further up the stack. */
  boolean isParsing() {
    return parsing;
  }

  /** Whether no more requests come once a pause is over. */
  boolean hasEnded() {
    return ended;
  }

  /** What the client is to be told after the last reply, if anything. */
  @Nullable Reply lastWord() {
    return lastWord;
  }

  /** When the client sent something last, on the lane's monotonic clock. */
  long lastNanos() {
    return lastNanos;
  }

  /** Bytes that were read and not parsed. */
  long unparsedBytes() {
    long bytes = 0;
    for (ByteBuf waiting : unparsed) {
      bytes += waiting.readableBytes();
    }
    return bytes;
  }

  /** Gives back what was read and not parsed, now or as soon as nobody uses it. */
  void drop() {
    if (!parsing) {
      unparsed.forEach(ByteBuf::release);
      unparsed.clear();
    }
  }
}
