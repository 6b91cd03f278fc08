package io.distkv.node.replica;

import io.distkv.node.command.Reply;
import io.distkv.node.command.Store;
import io.distkv.raft.session.ClientSessions;
import io.distkv.raft.session.SessionLimits;
import io.distkv.raft.session.Verdict;

/**
 * What client sessions make of the entries of a log: one within a session is applied if it was not
 * before, and else answers what it answered then. Every entry brings the time by which sessions
 * end.
 *
 * <p>Used on the replica's lane only.
 */
final class SessionWrites {
  private final ClientSessions sessions;

  SessionWrites(ClientSessions sessions) {
    this.sessions = sessions;
  }

  /**
   * Applies what an entry says, and gives the answer for whoever waits for it.
   *
   * @param index of the entry
   * @param store begun with the entry's stamp
   */
  Reply run(Mutation mutation, long index, Store store) {
    return switch (mutation) {
      case Mutation.InSession write -> run(write, store);
      case Mutation.OpenSession _ -> Reply.of(sessions.register(index, store.nowMillis()));
      case Mutation.Plain plain -> {
        sessions.expire(store.nowMillis());
        yield plain.run(store);
      }
    };
  }

  private Reply run(Mutation.InSession write, Store store) {
    Verdict verdict =
        sessions.decide(
            write.session(), write.sequence(), write.acknowledgedBelow(), store.nowMillis());
    return switch (verdict) {
      case Verdict.New _ -> apply(write, store);
      case Verdict.Repeated repeated -> {
        byte[] answer = repeated.answer();
        yield answer == null ? Mutation.InSession.ANSWER_NOT_KEPT : ReplyFormat.decode(answer);
      }
      case Verdict.NotOpen _ -> Mutation.InSession.NOT_OPEN;
      case Verdict.TooFarAhead _ -> Mutation.InSession.TOO_FAR_AHEAD;
    };
  }

  private Reply apply(Mutation.InSession write, Store store) {
    Reply reply;
    try {
      reply = write.mutation().run(store);
    } catch (ReadFailedException e) {
      // The entry is not applied, and the node serves no more.
      throw e;
    } catch (RuntimeException e) {
      // Wherever it is applied, it comes as far as this; another try must not come so far again.
      remember(write, WritePath.DEFECT);
      throw e;
    }
    remember(write, reply);
    return reply;
  }

  private void remember(Mutation.InSession write, Reply reply) {
    byte[] answer = ReplyFormat.encode(reply, SessionLimits.DEFAULT.answerBytes());
    sessions.remember(write.session(), write.sequence(), answer);
  }
}
