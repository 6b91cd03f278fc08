package io.distkv.server.grpc;

import com.google.protobuf.ByteString;
import io.distkv.api.v1.WatchRequest;
import io.distkv.api.v1.WatchResponse;
import io.distkv.base.Limits;
import io.distkv.node.command.Reply;
import io.distkv.node.replica.ChangeRange;
import io.distkv.node.watch.ChangeBlock;
import io.distkv.node.watch.LaneWatches;
import io.distkv.node.watch.Watch;
import io.distkv.node.watch.WatchSink;
import io.distkv.server.call.BadRequestException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One watch: passes on what it finds, as the client has room for it. On its lane only. */
final class WatchStream implements WatchSink {
  private static final int DEFAULT_PROGRESS_MILLIS = 10_000;
  private static final int LEAST_PROGRESS_MILLIS = 100;
  private static final int MOST_PROGRESS_MILLIS = 3_600_000;

  private final CallLane lane;
  private final ServerCallStreamObserver<WatchMessage> client;
  private @Nullable Watch watch;
  private boolean pulled;
  private boolean ended;

  private WatchStream(CallLane lane, ServerCallStreamObserver<WatchMessage> client) {
    this.lane = lane;
    this.client = client;
  }

  /** Begins; messages follow on this lane. */
  static void start(WatchRequest request, ServerCallStreamObserver<WatchMessage> client) {
    LaneWatches.Wish wish =
        new LaneWatches.Wish(
            Keyspaces.name(request.getKeyspace()),
            range(request),
            afterVersion(request),
            progressNanos(request));
    WatchStream stream = new WatchStream(CallLane.current(), client);
    client.setOnReadyHandler(() -> stream.lane.run(stream::pull));
    client.setOnCancelHandler(() -> stream.lane.run(stream::cancelled));
    stream.watch = stream.lane.watches().begin(wish, stream);
    stream.pull();
  }

  private static ChangeRange range(WatchRequest request) {
    return switch (request.getKeysCase()) {
      case KEY -> {
        if (request.getKey().isEmpty()) {
          throw new BadRequestException("a key has at least one byte");
        }
        yield ChangeRange.key(keyBytes(request.getKey()));
      }
      case PREFIX -> ChangeRange.prefix(keyBytes(request.getPrefix()));
      case KEYS_NOT_SET -> ChangeRange.prefix(new byte[0]);
    };
  }

  private static byte[] keyBytes(ByteString key) {
    if (key.size() > Limits.MAX_KEY_BYTES) {
      throw new BadRequestException("a key has at most " + Limits.MAX_KEY_BYTES + " bytes");
    }
    return key.toByteArray();
  }

  private static long afterVersion(WatchRequest request) {
    if (request.getAfterVersion() < 0) {
      throw new BadRequestException("after_version is no version");
    }
    return request.getAfterVersion();
  }

  private static long progressNanos(WatchRequest request) {
    int millis = request.getProgressMillis();
    if (millis != 0 && (millis < LEAST_PROGRESS_MILLIS || millis > MOST_PROGRESS_MILLIS)) {
      throw new BadRequestException(
          "progress_millis is from %d to %d, or 0 for %d"
              .formatted(LEAST_PROGRESS_MILLIS, MOST_PROGRESS_MILLIS, DEFAULT_PROGRESS_MILLIS));
    }
    return TimeUnit.MILLISECONDS.toNanos(millis == 0 ? DEFAULT_PROGRESS_MILLIS : millis);
  }

  private void pull() {
    if (!pulled && watch != null && !ended && client.isReady()) {
      pulled = true;
      watch.pull();
    }
  }

  @Override
  public void changes(List<ChangeBlock> blocks, long through) {
    pulled = false;
    List<byte[]> pieces = new ArrayList<>(blocks.size() + 1);
    blocks.forEach(block -> pieces.add(lane.printed().of(block)));
    pieces.add(WatchResponse.newBuilder().setThroughVersion(through).build().toByteArray());
    client.onNext(new WatchMessage(pieces));
    pull();
  }

  @Override
  public void ended(Reply.Failure why, long through) {
    ended = true;
    client.onError(Failures.watchEnded(why, through));
  }

  private void cancelled() {
    ended = true;
    if (watch != null) {
      watch.close();
    }
  }
}
