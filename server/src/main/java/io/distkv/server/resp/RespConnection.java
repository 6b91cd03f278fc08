package io.distkv.server.resp;

import static io.distkv.server.resp.ConnectionCounters.Event.BYTES_READ;
import static io.distkv.server.resp.ConnectionCounters.Event.BYTES_WRITTEN;
import static io.distkv.server.resp.ConnectionCounters.Event.CLOSED;
import static io.distkv.server.resp.ConnectionCounters.Event.IDLE_CLOSES;
import static io.distkv.server.resp.ConnectionCounters.Event.INPUT_PAUSES;
import static io.distkv.server.resp.ConnectionCounters.Event.MEMORY_CLOSES;
import static io.distkv.server.resp.ConnectionCounters.Event.MEMORY_PAUSES;
import static io.distkv.server.resp.ConnectionCounters.Event.MEMORY_REFUSALS;
import static io.distkv.server.resp.ConnectionCounters.Event.OPENED;
import static io.distkv.server.resp.ConnectionCounters.Event.OUTPUT_LIMIT_CLOSES;
import static io.distkv.server.resp.ConnectionCounters.Event.PROTOCOL_ERRORS;
import static io.distkv.server.resp.ConnectionCounters.Event.REQUESTS;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.distkv.node.session.Output;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Redis client: its bytes become requests of its session, and the session's replies become
 * bytes.
 *
 * <p>The channel never reads by itself. A read is asked for when all that came before has been
 * parsed, and parsing stops while the connection's {@link ClientLoad} is too much: too many
 * requests under way, too many replies that wait for the client, or more than its share of a memory
 * that is short. So a client is slowed by its own slowness: TCP holds back what the node does not
 * read, and the node holds at most one read's worth of bytes not parsed yet.
 *
 * <p>Replies are printed as they come. When the last one that is under way has been printed, they
 * are sent at once, so that the client works on them while the lane goes on with others; while more
 * are to come, they wait for those or for the end of the lane's turn. The end of the turn is also
 * the only place where parsing goes on after a pause: replies come while another connection may be
 * in the middle of parsing in the lane's shared memory, so nothing may be parsed from {@link
 * #reply}.
 *
 * <p>A client that has shut down its sending side still gets the replies to what it sent.
 */
final class RespConnection extends ChannelInboundHandlerAdapter implements Output {
  private static final Logger LOG = LoggerFactory.getLogger(RespConnection.class);
  private static final long LINGER_SECONDS = 5;
  private static final Reply.Failure NO_MEMORY =
      Errors.of(
          ErrorCode.OVERLOADED,
          "the node has no memory for this request (clients.memory); nothing was done; try again"
              + " later");

  /** Makes the session of a connection. */
  interface Opener {
    Conversation open(String address, String localAddress, Output output);
  }

  private final LaneConnections shared;
  private final Channel channel;
  private final RequestParser parser = new RequestParser(RequestLimits.DEFAULT);
  private final OutputBuffer output;
  private final String address;
  private final Conversation conversation;
  private final ClientLoad load;

  private final ArrayDeque<ByteBuf> unparsed = new ArrayDeque<>();
  private int protocol = 2;

  /** Too much is under way: nothing is parsed or read until {@link #attend} ends the pause. */
  private boolean paused;

  /** The buffers in {@link #unparsed} are being used further up the stack. */
  private boolean parsing;

  /** {@link #attend} will be called at the end of this turn. */
  private boolean attended;

  /** The client sends no more, or is not listened to any more: close when all is answered. */
  private boolean inputEnded;

  /** What the client is told after the last reply, when it broke the protocol. */
  private @Nullable Reply lastWord;

  /** The node stops. */
  private boolean draining;

  /** Close when all that was printed is sent, whatever is still under way. */
  private boolean closing;

  /** That has begun. */
  private boolean finishing;

  /** The connection is gone. */
  private boolean closed;

  private long lastInputNanos;

  RespConnection(LaneConnections shared, Channel channel, Opener opener) {
    this.shared = shared;
    this.channel = channel;
    this.output = new OutputBuffer(channel, bytes -> shared.counters().add(BYTES_WRITTEN, bytes));
    this.address = PeerAddress.print(channel.remoteAddress());
    this.lastInputNanos = shared.nowNanos();
    this.conversation = opener.open(address, PeerAddress.print(channel.localAddress()), this);
    this.load = new ClientLoad(shared, parser, conversation, output);
    shared.add(this);
    shared.counters().add(OPENED, 1);
  }

  // --- requests

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (inputOver()) {
      bytes.release();
      return;
    }
    shared.counters().add(BYTES_READ, bytes.readableBytes());
    unparsed.add(bytes);
    if (!paused) {
      parseUnparsed();
      sendSoon();
    }
  }

  /** Whether nothing more that the client sends is looked at. */
  private boolean inputOver() {
    return closing || draining || lastWord != null;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    lastInputNanos = shared.nowNanos();
    if (!paused && !inputOver()) {
      channel.read();
    }
  }

  private void parseUnparsed() {
    parsing = true;
    try {
      while (!inputOver() && !unparsed.isEmpty()) {
        ByteBuf bytes = unparsed.element();
        if (!parse(bytes)) {
          pause();
          // A reply may have come within submit, before there was a pause for it to end.
          attendAtTurnEnd();
          return;
        }
        unparsed.remove().release();
      }
    } catch (ProtocolException e) {
      shared.counters().add(PROTOCOL_ERRORS, 1);
      LOG.debug("{}: protocol error: {}", address, e.getMessage());
      endInput(Errors.invalid("Protocol error: " + e.getMessage()));
    } finally {
      parsing = false;
      if (inputOver()) {
        dropUnparsed();
      }
      count();
    }
  }

  private void pause() {
    paused = true;
    shared.counters().add(INPUT_PAUSES, 1);
    if (load.mustWaitForMemory()) {
      shared.counters().add(MEMORY_PAUSES, 1);
    }
  }

  private void count() {
    if (!closed) {
      load.count(unparsedBytes());
    }
  }

  /**
   * Reads no more requests, and closes once those under way are answered.
   *
   * @param last what the client is told after all replies
   */
  private void endInput(Reply last) {
    lastWord = last;
    inputEnded = true;
    paused = false;
    attendAtTurnEnd();
  }

  /** Takes no more requests, since the node stops; answers those it has, then closes. */
  void drain() {
    inputEnded = true;
    paused = false;
    draining = true;
    dropUnparsed();
    attendAtTurnEnd();
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
        if (request != null && !submit(request)) {
          return true;
        }
      }
      bytes.skipBytes(length);
    }
    return true;
  }

  private boolean submit(byte[][] request) {
    if (request.length == 0) {
      conversation.refuse(NO_MEMORY);
      return !closing && !closed;
    }
    if (HttpWords.isHttp(request[0])) {
      LOG.warn(
          "{} speaks HTTP to the Redis port: closed, in case a browser was tricked into it",
          address);
      closeNow();
      return false;
    }
    shared.counters().add(REQUESTS, 1);
    conversation.submit(request);
    return !closing && !closed;
  }

  // --- replies

  @Override
  public void reply(Reply reply) {
    if (closed) {
      return;
    }
    shared.printer().print(reply, protocol, output);
    if (output.pendingBytes() > shared.limits().outputBytes()) {
      shared.counters().add(OUTPUT_LIMIT_CLOSES, 1);
      LOG.warn(
          "{} does not read its replies: closed with {} bytes waiting (clients.outputLimit)",
          address,
          output.pendingBytes());
      closeNow();
    } else if (!parsing) {
      sendSoon();
    }
  }

  @Override
  public void unanswered() {
    // It may have been the one that a pause, or the end of the connection, was waiting for.
    if (paused || inputEnded) {
      attendAtTurnEnd();
    }
  }

  /** Sends what was printed, now if nothing more can follow in this turn. */
  private void sendSoon() {
    if (output.isFlushed()) {
      return;
    }
    if (conversation.inFlight() > 0 || paused || inputEnded || closing) {
      attendAtTurnEnd();
    } else if (!closed) {
      output.flush();
    }
  }

  @Override
  public void protocol(int version) {
    protocol = version;
  }

  // Of the output: the session ends the connection.
  @Override
  public void close() {
    if (!closing) {
      closing = true;
      dropUnparsed();
      attendAtTurnEnd();
    }
  }

  @Override
  public long inputBytes() {
    return parser.heldBytes() + unparsedBytes();
  }

  private long unparsedBytes() {
    long bytes = 0;
    for (ByteBuf waiting : unparsed) {
      bytes += waiting.readableBytes();
    }
    return bytes;
  }

  @Override
  public long outputBytes() {
    return output.pendingBytes();
  }

  /** Has {@link #attend} called at the end of this turn. */
  void attendAtTurnEnd() {
    if (!attended) {
      attended = true;
      shared.attendAtTurnEnd(this);
    }
  }

  /** Sends what was printed in this turn, and goes on where this connection had to pause. */
  void attend() {
    attended = false;
    if (closed) {
      return;
    }
    output.flush();
    if (paused && load.mayResume(channel.isWritable())) {
      paused = false;
      parseUnparsed();
      sendSoon();
      if (!paused && !inputOver()) {
        channel.read();
      }
    }
    if (paused && load.mustWaitForMemory()) {
      shared.awaitMemory(this);
    }
    if (inputEnded && !paused && conversation.inFlight() == 0 && !closing) {
      if (lastWord != null) {
        shared.printer().print(lastWord, protocol, output);
      }
      closing = true;
    }
    if (closing && !closed) {
      finish();
    }
    count();
  }

  /** Closes once the client has taken all replies, or has had a few seconds to do so. */
  private void finish() {
    if (!finishing) {
      finishing = true;
      output.flush();
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      shared.lane().schedule(TimeUnit.SECONDS.toNanos(LINGER_SECONDS), this::closeNow);
    }
  }

  // --- the end

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable() && paused) {
      attendAtTurnEnd();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownReadComplete) {
      inputEnded = true;
      attendAtTurnEnd();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException) {
      // The client has gone; resets and broken pipes are everyday life.
      LOG.debug("{}: {}", address, cause.toString());
    } else {
      LOG.error("{}: closed because of a defect of the node", address, cause);
    }
    closeNow();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ended();
  }

  void closeIfIdle(long nowNanos, long idleNanos) {
    if (nowNanos - lastInputNanos > idleNanos && conversation.inFlight() == 0) {
      shared.counters().add(IDLE_CLOSES, 1);
      close();
    }
  }

  boolean mustWaitForMemory() {
    return load.mustWaitForMemory();
  }

  long sheddableBytes() {
    return load.sheddableBytes();
  }

  /**
   * Gives up what it holds, since memory stays short and nothing under way will free any: a request
   * that has not come whole, the commands queued in a transaction, or else the connection.
   */
  void shed() {
    boolean unread = output.pendingBytes() > ClientLoad.ALLOWANCE_BYTES;
    boolean queued = conversation.queuedBytes() > ClientLoad.ALLOWANCE_BYTES;
    if ((queued && conversation.shed()) || (!unread && parser.discard())) {
      shared.counters().add(MEMORY_REFUSALS, 1);
    } else if (unread || queued) {
      shared.counters().add(MEMORY_CLOSES, 1);
      LOG.warn(
          "{} holds {} bytes while memory for clients is short: closed (clients.memory)",
          address,
          load.sheddableBytes());
      closeNow();
    }
    count();
    attendAtTurnEnd();
  }

  /** Closes whatever is under way. */
  void closeNow() {
    if (!closed) {
      closing = true;
      ended();
      var _ = channel.close();
    }
  }

  private void ended() {
    if (!closed) {
      closed = true;
      dropUnparsed();
      output.release();
      load.countNothing();
      shared.remove(this);
      shared.counters().add(CLOSED, 1);
      conversation.close();
    }
  }

  private void dropUnparsed() {
    if (!parsing) {
      unparsed.forEach(ByteBuf::release);
      unparsed.clear();
    }
  }
}
