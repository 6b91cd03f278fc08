package io.distkv.server.resp;

import static io.distkv.server.resp.ConnectionCounters.Event.BYTES_WRITTEN;
import static io.distkv.server.resp.ConnectionCounters.Event.CLOSED;
import static io.distkv.server.resp.ConnectionCounters.Event.IDLE_CLOSES;
import static io.distkv.server.resp.ConnectionCounters.Event.MEMORY_CLOSES;
import static io.distkv.server.resp.ConnectionCounters.Event.MEMORY_REFUSALS;
import static io.distkv.server.resp.ConnectionCounters.Event.OPENED;
import static io.distkv.server.resp.ConnectionCounters.Event.OUTPUT_LIMIT_CLOSES;
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
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Redis client: its bytes become requests of its session, and the session's replies become
 * bytes.
 *
 * <p>Replies are printed as they come. When the last one that is under way has been printed, they
 * are sent at once, so that the client works on them while the lane goes on with others; while more
 * are to come, they wait for those or for the end of the lane's turn. The end of the turn is also
 * the only place where the {@link ConnectionInput} goes on after a pause: replies come while
 * another connection may be in the middle of parsing in the lane's shared memory, so nothing may be
 * parsed from {@link #reply}.
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
  private final ConnectionInput input;
  private int protocol = 2;

  /** {@link #attend} will be called at the end of this turn. */
  private boolean attended;

  /** Close when all that was printed is sent, whatever is still under way. */
  private boolean closing;

  /** That has begun. */
  private boolean finishing;

  /** The connection is gone. */
  private boolean closed;

  RespConnection(LaneConnections shared, Channel channel, Opener opener) {
    this.shared = shared;
    this.channel = channel;
    this.output = new OutputBuffer(channel, bytes -> shared.counters().add(BYTES_WRITTEN, bytes));
    this.address = PeerAddress.print(channel.remoteAddress());
    this.conversation = opener.open(address, PeerAddress.print(channel.localAddress()), this);
    this.load = new ClientLoad(shared, this, parser, conversation, output);
    this.input = new ConnectionInput(shared, channel, this, parser, load);
    shared.add(this);
    shared.counters().add(OPENED, 1);
  }

  // --- requests

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    input.read((ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    input.readComplete();
  }

  /** Brings the account of what this client holds up to date. */
  void count() {
    if (!closed) {
      load.count(input.unparsedBytes());
    }
  }

  /** Takes no more requests, since the node stops; answers those it has, then closes. */
  void drain() {
    input.ignoreRest();
  }

  /** Starts a request; false if nothing may follow it. */
  boolean submit(byte[][] request) {
    shared.memory().useTurn(this);
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
    long pendingBytes = output.pendingBytes();
    if (pendingBytes > ClientLoad.ALLOWANCE_BYTES) {
      count(); // so that the next large reply, to whomever, knows of this one
    }
    if (pendingBytes > shared.limits().outputBytes()) {
      shared.counters().add(OUTPUT_LIMIT_CLOSES, 1);
      LOG.warn(
          "{} does not read its replies: closed with {} bytes waiting (clients.outputLimit)",
          address,
          pendingBytes);
      closeNow();
    } else if (!input.isParsing()) {
      sendSoon();
    }
  }

  @Override
  public void unanswered() {
    // It may have been the one that a pause, or the end of the connection, was waiting for.
    if (input.isPaused() || input.hasEnded()) {
      attendAtTurnEnd();
    }
  }

  /** Sends what was printed, now if nothing more can follow in this turn. */
  void sendSoon() {
    if (output.isFlushed()) {
      return;
    }
    if (conversation.inFlight() > 0 || input.isPaused() || input.hasEnded() || closing) {
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
      input.drop();
      attendAtTurnEnd();
    }
  }

  @Override
  public boolean hasRoomFor(long replyBytes) {
    count();
    return shared.memory().hasRoomForReply(replyBytes);
  }

  @Override
  public long inputBytes() {
    return parser.heldBytes() + input.unparsedBytes();
  }

  @Override
  public long outputBytes() {
    return output.pendingBytes();
  }

  /** The client's address. */
  String address() {
    return address;
  }

  /** Whether the connection closes when all that was printed is sent. */
  boolean isClosing() {
    return closing;
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
    input.resume();
    if (input.hasEnded() && !input.isPaused() && conversation.inFlight() == 0 && !closing) {
      Reply lastWord = input.lastWord();
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
    if (channel.isWritable() && input.isPaused()) {
      attendAtTurnEnd();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownReadComplete) {
      input.end();
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
    if (nowNanos - input.lastNanos() > idleNanos && conversation.inFlight() == 0) {
      shared.counters().add(IDLE_CLOSES, 1);
      close();
    }
  }

  boolean mustWaitForMemory() {
    return load.mustWaitForMemory();
  }

  ClientLoad load() {
    return load;
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
      input.drop();
      output.release();
      load.countNothing();
      shared.remove(this);
      shared.counters().add(CLOSED, 1);
      conversation.close();
    }
  }
}
