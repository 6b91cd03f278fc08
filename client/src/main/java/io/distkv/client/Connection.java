package io.distkv.client;

import io.distkv.client.AttemptEnd.Reach;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connection to one address: made at once, kept alive, and made again when it breaks, after
 * waits that grow and are ours, not gRPC's, whose waits grow to two minutes. Thread-safe.
 *
 * <p>gRPC's own retries by service configuration are off, since no configuration is looked up; what
 * stays is that it sends a call again of which the other side has said that it was not looked at
 * (REFUSED_STREAM, GOAWAY), which is safe for any call.
 */
final class Connection {
  private final Address address;
  private final Timer timer;
  private final Backoff backoff;
  private final Runnable changed;
  private final ManagedChannel channel;
  private final Pipeline pipeline;
  private volatile ConnectivityState state = ConnectivityState.IDLE;
  private volatile @Nullable String problem;
  private int failures;

  Connection(
      Address address, ClientOptions options, Timer timer, Backoff backoff, Runnable changed) {
    this.address = address;
    this.timer = timer;
    this.backoff = backoff;
    this.changed = changed;
    this.channel =
        NettyChannelBuilder.forAddress(address.host(), address.port())
            .usePlaintext()
            // Nothing of ours blocks there, and users' code runs elsewhere.
            .directExecutor()
            .disableServiceConfigLookUp()
            .defaultLoadBalancingPolicy(OneAddressBalancer.policy())
            // What the node answers at once may be several of the largest values.
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .keepAliveTime(options.keepAlive().toNanos(), TimeUnit.NANOSECONDS)
            .keepAliveTimeout(10, TimeUnit.SECONDS)
            .keepAliveWithoutCalls(true)
            .build();
    this.pipeline = new Pipeline(this, options.batching(), timer);
  }

  /** Begins to connect. */
  void open() {
    watch();
  }

  private void watch() {
    ConnectivityState now = channel.getState(true);
    state = now;
    if (now == ConnectivityState.READY) {
      failures = 0;
      problem = null;
    }
    changed.run();
    if (now == ConnectivityState.SHUTDOWN) {
      return;
    }
    if (now == ConnectivityState.TRANSIENT_FAILURE) {
      failures++;
      timer.after(backoff.nanos(failures, 1), channel::resetConnectBackoff);
    }
    channel.notifyWhenStateChanged(now, this::watch);
  }

  String address() {
    return address.toString();
  }

  ManagedChannel channel() {
    return channel;
  }

  Pipeline pipeline() {
    return pipeline;
  }

  /** Why there is no connection, if that is known. */
  @Nullable String problem() {
    return problem;
  }

  CallOptions options(long deadlineNanos) {
    return CallOptions.DEFAULT.withDeadlineAfter(
        Math.max(0, deadlineNanos - timer.nanos()), TimeUnit.NANOSECONDS);
  }

  boolean isUp() {
    return state == ConnectivityState.READY;
  }

  boolean isDown() {
    return state == ConnectivityState.TRANSIENT_FAILURE;
  }

  /** Keeps why there is no connection; only the calls that meet it are told by gRPC. */
  void attemptFailed(AttemptEnd end) {
    if (end.reach() == Reach.NOT_SENT && end.status() == Status.Code.UNAVAILABLE && !isUp()) {
      problem = end.text();
    }
  }

  /**
   * Does not wait any longer before the next try to connect, and runs what is to meet that try, or
   * a connection, but not what came of the try before. On any thread, at once or soon.
   */
  void reconnectNow(Runnable then) {
    if (isUp()) {
      then.run();
      return;
    }
    // Not only if it is down: of a vain try, calls are told a moment before the state is.
    channel.resetConnectBackoff();
    // Behind it in gRPC's queue, and behind what that puts there itself, which begins the try.
    inTurn(() -> inTurn(then));
  }

  /** Runs it after what the channel has yet to do. IDLE it never stays: its state is watched. */
  private void inTurn(Runnable task) {
    channel.notifyWhenStateChanged(ConnectivityState.IDLE, task);
  }

  Health.Endpoint health() {
    Health.State told =
        switch (state) {
          case IDLE, CONNECTING -> Health.State.CONNECTING;
          case READY -> Health.State.UP;
          case TRANSIENT_FAILURE -> Health.State.DOWN;
          case SHUTDOWN -> Health.State.CLOSED;
        };
    return new Health.Endpoint(address(), told, Optional.ofNullable(problem));
  }

  /** Breaks off whatever is under way. */
  void close() {
    channel.shutdownNow();
  }

  boolean awaitClosed(long waitNanos) throws InterruptedException {
    return channel.awaitTermination(waitNanos, TimeUnit.NANOSECONDS);
  }
}
