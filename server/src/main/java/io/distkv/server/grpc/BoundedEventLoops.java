package io.distkv.server.grpc;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.AbstractEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.Iterator;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Event loops that take only so many connections at a time; one more is closed when it comes, which
 * is how a channel ends that nobody registers. They are others' loops: stopping these stops none.
 *
 * <p>Any thread.
 */
final class BoundedEventLoops extends AbstractEventExecutorGroup implements EventLoopGroup {
  private final EventLoopGroup loops;
  private final int most;
  private final Runnable refused;
  private final AtomicInteger connections = new AtomicInteger();

  /**
   * @param refused told each time that one was too many
   */
  BoundedEventLoops(EventLoopGroup loops, int most, Runnable refused) {
    this.loops = loops;
    this.most = most;
    this.refused = refused;
  }

  int connections() {
    return connections.get();
  }

  private boolean take() {
    boolean taken = connections.incrementAndGet() <= most;
    if (!taken) {
      connections.decrementAndGet();
      refused.run();
    }
    return taken;
  }

  @Override
  public ChannelFuture register(Channel channel) {
    EventLoop loop = next();
    if (!take()) {
      return new DefaultChannelPromise(channel, loop)
          .setFailure(new RejectedExecutionException("too many connections"));
    }
    channel.closeFuture().addListener(_ -> connections.decrementAndGet());
    return loop.register(channel);
  }

  @Override
  public ChannelFuture register(ChannelPromise promise) {
    return loops.register(promise);
  }

  @Override
  @Deprecated
  public ChannelFuture register(Channel channel, ChannelPromise promise) {
    return loops.register(channel, promise);
  }

  @Override
  public EventLoop next() {
    return loops.next();
  }

  @Override
  public Iterator<EventExecutor> iterator() {
    return loops.iterator();
  }

  @Override
  public boolean isShuttingDown() {
    return loops.isShuttingDown();
  }

  @Override
  public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
    throw new UnsupportedOperationException("they are others' loops");
  }

  @Override
  @Deprecated
  public void shutdown() {
    throw new UnsupportedOperationException("they are others' loops");
  }

  @Override
  public Future<?> terminationFuture() {
    return loops.terminationFuture();
  }

  @Override
  public boolean isShutdown() {
    return loops.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return loops.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return loops.awaitTermination(timeout, unit);
  }
}
