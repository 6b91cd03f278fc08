package io.distkv.server.resp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.distkv.base.Clock;
import io.distkv.node.session.Output;
import io.distkv.platform.Lanes;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for Redis clients and gives each connection to a lane for its life: where all of the
 * default keyspace lives on one lane, to that one, so that no request has to change threads; else
 * to the lanes in turn.
 */
public final class RespServer {
  private static final Logger LOG = LoggerFactory.getLogger(RespServer.class);

  /** The longest argument that a request may have, in bytes. */
  public static final int MAX_BULK_BYTES = RequestLimits.DEFAULT.bulkBytes();

  private static final byte[] TOO_MANY =
      "-ERR max number of clients reached\r\n".getBytes(US_ASCII);

  /** Makes the session of a new connection; called on the lane of its number. */
  public interface Sessions {
    Conversation open(int lane, String address, String localAddress, Output output);
  }

  /**
   * Where to listen.
   *
   * @param backlog connections that may wait to be accepted
   * @param homeLane the lane that serves every connection, or -1 for all of them in turn
   */
  public record Options(InetSocketAddress address, int backlog, int homeLane) {}

  private final List<LaneConnections> lanes = new ArrayList<>();
  private final Map<EventLoop, LaneConnections> byLoop = new HashMap<>();
  private final ClientLimits limits;
  private final ClientMemory memory;
  private final AtomicInteger connected = new AtomicInteger();
  private final Sessions sessions;
  private Channel listener;

  private RespServer(
      Lanes platformLanes, Clock clock, Options options, ClientLimits limits, Sessions sessions)
      throws IOException {
    this.limits = limits;
    memory = new ClientMemory(limits);
    this.sessions = sessions;
    for (int i = 0; i < platformLanes.lanes().size(); i++) {
      LaneConnections lane =
          new LaneConnections(platformLanes.lanes().get(i), clock, limits, memory);
      lanes.add(lane);
      byLoop.put(platformLanes.eventLoop(i), lane);
    }
    listener = listen(platformLanes, options);
  }

  /**
   * Starts to listen.
   *
   * @throws IOException if the address is taken or is none of this machine's
   */
  public static RespServer start(
      Lanes lanes, Clock clock, Options options, ClientLimits limits, Sessions sessions)
      throws IOException {
    return new RespServer(lanes, clock, options, limits, sessions);
  }

  private Channel listen(Lanes platformLanes, Options options) throws IOException {
    EventLoopGroup serving =
        options.homeLane() < 0
            ? platformLanes.eventLoops()
            : platformLanes.eventLoop(options.homeLane());
    EventLoop accepting = platformLanes.eventLoop(lanes.size() - 1);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(accepting, serving)
            .channel(platformLanes.serverSocketType())
            .option(ChannelOption.SO_BACKLOG, options.backlog())
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(
                    ClientLoad.HIGH_WATER_BYTES / 2, ClientLoad.HIGH_WATER_BYTES))
            .childOption(
                ChannelOption.RECVBUF_ALLOCATOR,
                new AdaptiveRecvByteBufAllocator(512, 2048, LaneConnections.SCRATCH_BYTES)
                    .maxMessagesPerRead(4))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel);
                  }
                });
    ChannelFuture bound = bootstrap.bind(options.address()).awaitUninterruptibly();
    Throwable failure = bound.cause();
    if (failure == null) {
      return bound.channel();
    }
    throw failure instanceof IOException e ? e : new IOException(failure);
  }

  private void accept(Channel channel) {
    LaneConnections lane = byLoop.get(channel.eventLoop());
    if (lane == null) {
      throw new IllegalStateException("a connection on the event loop of no lane");
    }
    if (connected.incrementAndGet() > limits.maxClients()) {
      connected.decrementAndGet();
      lane.counters().add(ConnectionCounters.Event.REFUSED, 1);
      LOG.debug("{} refused: clients.max is reached", channel.remoteAddress());
      ByteBuf refusal = Unpooled.wrappedBuffer(TOO_MANY);
      channel.writeAndFlush(refusal).addListener(ChannelFutureListener.CLOSE);
      return;
    }
    channel.closeFuture().addListener(closed -> connected.decrementAndGet());
    RespConnection connection =
        new RespConnection(
            lane,
            channel,
            (address, localAddress, output) ->
                sessions.open(lane.lane().index(), address, localAddress, output));
    channel.pipeline().addLast(connection);
    channel.read();
  }

  /** The address that clients connect to, with the port that was taken if 0 was asked for. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** What happened to the connections of each lane. */
  public List<ConnectionCounters> counters() {
    return lanes.stream().map(LaneConnections::counters).toList();
  }

  /** What they hold of the node's memory. */
  public ClientMemory memory() {
    return memory;
  }

  /** Clients that are connected now. */
  public int connected() {
    return connected.get();
  }

  /**
   * Accepts no more connections and no more requests, answers those under way, and closes every
   * connection: those that are not done in time, too. Not to be called on a lane.
   *
   * @param timeoutNanos how long to wait for the requests under way
   */
  public void stop(long timeoutNanos) throws InterruptedException {
    listener.close().awaitUninterruptibly();
    CountDownLatch drained = new CountDownLatch(lanes.size());
    for (LaneConnections lane : lanes) {
      lane.lane().complete(() -> lane.drain(drained::countDown));
    }
    if (!drained.await(timeoutNanos, TimeUnit.NANOSECONDS)) {
      LOG.warn("closing clients whose requests did not end in time");
      CountDownLatch closed = new CountDownLatch(lanes.size());
      for (LaneConnections lane : lanes) {
        lane.lane()
            .complete(() -> {
              lane.all().forEach(RespConnection::closeNow);
              closed.countDown();
            });
      }
      closed.await(1, TimeUnit.SECONDS);
    }
  }
}
