package io.distkv.server.grpc;

import io.distkv.node.command.Reply;
import io.distkv.node.session.UnaryCall;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers one call with one message, made of the reply to one command. On its lane only. */
final class UnaryAnswer<T> {
  private final CallLane lane;
  private final ServerCallStreamObserver<T> client;
  private final Function<Reply, T> print;
  private @Nullable UnaryCall call;

  private UnaryAnswer(CallLane lane, ServerCallStreamObserver<T> client, Function<Reply, T> print) {
    this.lane = lane;
    this.client = client;
    this.print = print;
  }

  /** Runs a command, whose reply is printed for the client; or lets the call fail. */
  static <T> void give(
      StreamObserver<T> client, String keyspace, byte[][] words, Function<Reply, T> print) {
    UnaryAnswer<T> answer =
        new UnaryAnswer<>(CallLane.current(), (ServerCallStreamObserver<T>) client, print);
    answer.client.setOnCancelHandler(answer::cancelled);
    answer.call =
        answer
            .lane
            .calls()
            .begin(Keyspaces.name(keyspace), words, answer::answer, TraceInterceptor.follower());
  }

  /** The same with a command that concerns no keyspace in particular. */
  static <T> void give(StreamObserver<T> client, byte[][] words, Function<Reply, T> print) {
    UnaryAnswer<T> answer =
        new UnaryAnswer<>(CallLane.current(), (ServerCallStreamObserver<T>) client, print);
    answer.client.setOnCancelHandler(answer::cancelled);
    answer.call = answer.lane.calls().begin(words, answer::answer);
  }

  private void answer(Reply reply) {
    if (client.isCancelled()) {
      return;
    }
    if (reply instanceof Reply.Failure failure) {
      client.onError(Failures.status(failure));
    } else {
      client.onNext(print.apply(reply));
      client.onCompleted();
    }
  }

  private void cancelled() {
    lane.run(() -> {
      if (call != null) {
        call.cancel();
      }
    });
  }
}
