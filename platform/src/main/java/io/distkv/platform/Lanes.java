package io.distkv.platform;

import io.distkv.base.Lane;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The lanes of a node: one Netty event loop each, in one group, so that sockets can be registered
 * with the lane that is to serve them. Threads are named {@code lane-0} and up. Uses epoll, or NIO
 * where that is missing.
 */
public final class Lanes implements AutoCloseable {
  private final EventLoopGroup group;
  private final List<EventLoop> loops;
  private final List<Lane> lanes;
  private final boolean epoll;

  private Lanes(EventLoopGroup group, List<EventLoop> loops, List<Lane> lanes, boolean epoll) {
    this.group = group;
    this.loops = List.copyOf(loops);
    this.lanes = List.copyOf(lanes);
    this.epoll = epoll;
  }

  /**
   * Starts lanes.
   *
   * @param count how many, at least 1
   * @param mostQueuedTasks bound of each lane's queue, over which {@link Lane#offer} refuses
   * @param onUncaught told, on the lane, of whatever a task throws; the lane goes on
   */
  public static Lanes start(int count, int mostQueuedTasks, UncaughtExceptionHandler onUncaught) {
    return start(count, mostQueuedTasks, onUncaught, Epoll.isAvailable());
  }

  static Lanes start(
      int count, int mostQueuedTasks, UncaughtExceptionHandler onUncaught, boolean epoll) {
    IoHandlerFactory handlers = epoll ? new LastingEpoll() : NioIoHandler.newFactory();
    AtomicInteger started = new AtomicInteger();
    ThreadFactory threads =
        task -> new FastThreadLocalThread(task, "lane-" + started.getAndIncrement());
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(count, threads, handlers);
    List<EventLoop> loops = new ArrayList<>();
    List<Lane> lanes = new ArrayList<>();
    for (EventExecutor executor : group) {
      SingleThreadEventLoop loop = (SingleThreadEventLoop) executor;
      // A loop starts its thread with its first task: started in order, they are named in order.
      loop.execute(() -> {});
      lanes.add(new NettyLane(lanes.size(), loop, mostQueuedTasks, onUncaught));
      loops.add(loop);
    }
    return new Lanes(group, loops, lanes, epoll);
  }

  /** The lanes, in the order of {@link Lane#index}. */
  public List<Lane> lanes() {
    return lanes;
  }

  /** The event loop that a lane runs on; sockets registered with it are served on that lane. */
  public EventLoop eventLoop(int lane) {
    return loops.get(lane);
  }

  /** All event loops; hands them out in turn. */
  public EventLoopGroup eventLoops() {
    return group;
  }

  /** The kind of listening socket that these event loops serve. */
  public Class<? extends ServerChannel> serverSocketType() {
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /** The kind of socket that these event loops serve. */
  public Class<? extends SocketChannel> socketType() {
    return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  /** Runs what is queued, closes all sockets of the lanes and waits for their threads to end. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
