package io.distkv.server.http.keys;

import io.distkv.base.Clock;
import io.distkv.base.ErrorCode;
import io.distkv.base.Lane;
import io.distkv.node.command.Reply;
import io.distkv.node.session.Follower;
import io.distkv.node.session.UnaryCall;
import io.distkv.node.session.UnaryCalls;
import io.distkv.node.watch.LaneWatches;
import io.distkv.server.http.exchange.BodyMemory;
import io.distkv.server.http.exchange.Exchange;
import io.distkv.server.http.exchange.ProblemException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Brings commands to a lane, and waits there for nothing: the request's own thread does. */
public final class NodeCalls {
  private static final String NO_MEMORY = "the memory for answers (http.memory) is used up";

  private static final int JSON_WEIGHT = 4;

  private final BodyMemory memory;
  private final AtomicInteger turn = new AtomicInteger();
  private volatile @Nullable NodeAccess node;

  /**
   * @param memory in which answers are counted
   */
  public NodeCalls(BodyMemory memory) {
    this.memory = memory;
  }

  /** The node serves. Called before the first request comes in. */
  public void serve(NodeAccess access) {
    node = access;
  }

  /** The node; null while it does not serve yet. */
  public @Nullable NodeAccess ifServing() {
    return node;
  }

  private NodeAccess node() {
    NodeAccess serving = node;
    if (serving == null) {
      throw new IllegalStateException("requests come in before the node serves");
    }
    return serving;
  }

  /** The clock of the node. */
  public Clock clock() {
    return node().clock();
  }

  /** A lane on which the next request is served well. */
  public Lane lane() {
    return lane(node());
  }

  /** The watches of a lane, to be used on it. */
  public LaneWatches watches(Lane lane) {
    return node().watches().apply(lane.index());
  }

  private Lane lane(NodeAccess access) {
    int index =
        access.homeLane() >= 0
            ? access.homeLane()
            : Math.floorMod(turn.getAndIncrement(), access.lanes().size());
    return access.lanes().get(index);
  }

  /**
   * Runs a command and waits for its reply. Where the client goes away, or the thread is
   * interrupted, before there is one, the command is given up.
   *
   * @throws ProblemException with what the command failed of
   */
  Reply call(Exchange exchange, String keyspace, byte[][] words) {
    return call(exchange, keyspace, words, 1);
  }

  /** The same for a reply that becomes JSON, which takes several times its size meanwhile. */
  public Reply callForJson(Exchange exchange, String keyspace, byte[][] words) {
    return call(exchange, keyspace, words, JSON_WEIGHT);
  }

  /** The same for a command that is about no keyspace, or names it itself. */
  public Reply callNode(Exchange exchange, byte[][] words) {
    return call(exchange, null, words, JSON_WEIGHT);
  }

  private Reply call(Exchange exchange, @Nullable String keyspace, byte[][] words, int weight) {
    NodeAccess access = node();
    Lane lane = lane(access);
    Waiting waiting = new Waiting(access, lane, keyspace, words, weight, exchange.follower());
    exchange.connection().waiting(waiting::giveUp);
    try {
      if (!lane.offer(waiting)) {
        throw ProblemException.of(ErrorCode.OVERLOADED, "the node has too much to do");
      }
      exchange.forgetBody();
      Reply reply = waiting.await();
      exchange.counted(waiting.countedBytes);
      if (reply instanceof Reply.Failure failure) {
        throw ProblemException.of(failure.code(), failure.text());
      }
      return reply;
    } finally {
      exchange.connection().waited();
    }
  }

  /**
   * Runs a command that reads keys: on this thread if memory has what it asks for, else as any
   * other.
   */
  Reply read(Exchange exchange, String keyspace, byte[][] words) {
    Reply reply = node().inPlace().tryRead(keyspace, words);
    if (reply == null) {
      return call(exchange, keyspace, words);
    }
    if (reply instanceof Reply.Failure failure) {
      throw ProblemException.of(failure.code(), failure.text());
    }
    long bytes = bytes(reply);
    if (!memory.addAnswer(bytes)) {
      throw ProblemException.of(ErrorCode.OVERLOADED, NO_MEMORY);
    }
    exchange.counted(bytes);
    return reply;
  }

  /** A request's thread that waits, and its call: begun on the lane, answered there. */
  private final class Waiting implements Runnable, Consumer<Reply> {
    private static final Reply.Failure GIVEN_UP =
        new Reply.Failure(ErrorCode.TIMEOUT, "TIMEOUT the client is gone");

    private final Thread thread = Thread.currentThread();
    private final NodeAccess access;
    private final Lane lane;
    private final @Nullable String keyspace;
    private final byte[][] words;
    private final int weight;
    private final @Nullable Follower follower;

    /** On the lane only, as the next is. */
    private @Nullable UnaryCall call;

    private boolean over;
    private long countedBytes;
    private volatile @Nullable Reply reply;

    Waiting(
        NodeAccess access,
        Lane lane,
        @Nullable String keyspace,
        byte[][] words,
        int weight,
        @Nullable Follower follower) {
      this.follower = follower;
      this.access = access;
      this.lane = lane;
      this.keyspace = keyspace;
      this.words = words;
      this.weight = weight;
    }

    @Override
    public void run() {
      if (!over) {
        UnaryCalls calls = access.calls().apply(lane.index());
        call =
            keyspace == null
                ? calls.begin(words, this, follower)
                : calls.begin(keyspace, words, this, follower);
      }
    }

    @Override
    public void accept(Reply answer) {
      long bytes = bytes(answer) * weight;
      if (memory.addAnswer(bytes)) {
        countedBytes = bytes;
        end(answer);
      } else {
        end(new Reply.Failure(ErrorCode.OVERLOADED, "OVERLOADED " + NO_MEMORY));
      }
    }

    private void end(Reply answer) {
      over = true;
      reply = answer;
      LockSupport.unpark(thread);
    }

    /** Any thread. */
    void giveUp() {
      lane.complete(() -> {
        if (!over) {
          end(GIVEN_UP);
          if (call != null) {
            call.cancel();
          }
        }
      });
    }

    Reply await() {
      boolean interrupted = false;
      Reply answer = reply;
      while (answer == null) {
        LockSupport.park(this);
        if (Thread.interrupted() && !interrupted) {
          interrupted = true;
          giveUp();
        }
        answer = reply;
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return answer;
    }
  }

  private static long bytes(Reply reply) {
    return switch (reply) {
      case Reply.Bulk bulk -> bulk.length();
      case Reply.Array array -> {
        long bytes = 0;
        for (Reply element : array.elements()) {
          bytes += bytes(element);
        }
        yield bytes;
      }
      default -> 0;
    };
  }
}
