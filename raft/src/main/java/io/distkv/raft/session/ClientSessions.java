package io.distkv.raft.session;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.base.MalformedBytesException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a group's clients (thesis, section 6.3): the part of the replicated state that
 * lets a write be sent again without being applied again.
 *
 * <p>A client opens a session, which gets the index of its entry as id, and gives each write a
 * number that no other write of the session has. Of each session is remembered which numbers were
 * applied, and what they answered. With each write the client says below which number it has all
 * answers; those are forgotten. Several writes may be under way, and arrive in any order.
 *
 * <p>It cannot go on for ever, so there are {@link SessionLimits}. Which session ends and which
 * answer is dropped follows from the log alone: time is what the entries bring, and "longest ago"
 * goes by the order of the log. What is never dropped, as long as the session is open, is that a
 * write was applied; so a retry is at worst told that its answer is gone. For the same reason a
 * write of a session that is not open is refused, and does not open it: what was known of its
 * earlier tries has gone with the session.
 *
 * <p>Invariants: both maps are in the order of last use, and {@code answering} has those sessions
 * that keep an answer; last uses do not fall in that order; equal logs give equal bytes.
 *
 * <p>Rejected: only the highest number of a session and its answer, as for clients that wait for
 * each write. A client that does not wait would need as many sessions as it has writes under way.
 *
 * <p>Not thread-safe: it belongs to who applies the log.
 */
public final class ClientSessions {
  private static final int VERSION = 1;
  private static final int SESSION_BYTES = 32;
  private static final Verdict NEW = new Verdict.New();
  private static final Verdict NOT_OPEN = new Verdict.NotOpen();
  private static final Verdict TOO_FAR_AHEAD = new Verdict.TooFarAhead();
  private static final Verdict WITHOUT_ANSWER = new Verdict.Repeated(null);

  private final SessionLimits limits;
  private final LinkedHashMap<Long, ClientSession> sessions = new LinkedHashMap<>();
  private final LinkedHashMap<Long, ClientSession> answering = new LinkedHashMap<>();
  private long answersBytes;

  /** No session is open. */
  public ClientSessions(SessionLimits limits) {
    this.limits = limits;
  }

  /** Whether no session is open. */
  public boolean isEmpty() {
    return sessions.isEmpty();
  }

  /**
   * Opens a session. If there are as many as there may be, the one used longest ago ends.
   *
   * @param index of the entry, above those of all sessions before
   * @param nowMillis the entry's time
   * @return the id of the session: the index
   */
  public long register(long index, long nowMillis) {
    expire(nowMillis);
    while (sessions.size() >= limits.sessions()) {
      end(sessions.firstEntry());
    }
    if (sessions.putIfAbsent(index, new ClientSession(time(nowMillis))) != null) {
      throw new IllegalArgumentException("session " + index + " is open already");
    }
    return index;
  }

  /**
   * Decides on a write, which counts as a use of its session. If it is new, the caller applies it
   * and then calls {@link #remember}. Asked again before that, it decides the same.
   *
   * @param session id
   * @param sequence the write's number, at least 0
   * @param acknowledgedBelow the client has the answers of all numbers below
   * @param nowMillis the entry's time
   */
  public Verdict decide(long session, long sequence, long acknowledgedBelow, long nowMillis) {
    expire(nowMillis);
    ClientSession of = sessions.get(session);
    if (of == null) {
      return NOT_OPEN;
    }
    of.use(time(nowMillis));
    sessions.putLast(session, of);
    answersBytes -= of.acknowledge(acknowledgedBelow);
    if (of.answers() > 0) {
      answering.putLast(session, of);
    } else {
      answering.remove(session);
    }
    if (of.hasApplied(sequence)) {
      byte[] answer = of.answer(sequence);
      return answer == null ? WITHOUT_ANSWER : new Verdict.Repeated(answer);
    }
    return of.isWithin(sequence, limits.window()) ? NEW : TOO_FAR_AHEAD;
  }

  /**
   * A write that was found new has been applied.
   *
   * @param answer what it answered, which nobody changes from here on; null if it shall not be kept
   */
  public void remember(long session, long sequence, byte @Nullable [] answer) {
    ClientSession of = sessions.get(session);
    if (of == null || of.hasApplied(sequence) || !of.isWithin(sequence, limits.window())) {
      throw new IllegalStateException("write %d of %d was not new".formatted(sequence, session));
    }
    of.setApplied(sequence);
    if (answer == null || answer.length > limits.answerBytes()) {
      return;
    }
    answersBytes += of.keep(sequence, answer);
    answering.putLast(session, of);
    if (of.answers() > limits.answersPerSession()) {
      dropAnswer(session, of);
    }
    while (answersBytes > limits.allAnswersBytes()) {
      Map.Entry<Long, ClientSession> oldest = answering.firstEntry();
      dropAnswer(oldest.getKey(), oldest.getValue());
    }
  }

  /**
   * Ends the sessions that were not used for long enough. An entry that has nothing to do with
   * sessions may say what time it is, too.
   *
   * @param nowMillis the entry's time
   */
  public void expire(long nowMillis) {
    for (Map.Entry<Long, ClientSession> oldest = sessions.firstEntry();
        oldest != null && nowMillis - oldest.getValue().lastUseMillis() >= limits.idleMillis();
        oldest = sessions.firstEntry()) {
      end(oldest);
    }
  }

  /** The time of a use. Should the log's time fall, it stands still here. */
  private long time(long nowMillis) {
    Map.Entry<Long, ClientSession> newest = sessions.lastEntry();
    return newest == null ? nowMillis : Math.max(nowMillis, newest.getValue().lastUseMillis());
  }

  private void end(Map.Entry<Long, ClientSession> session) {
    answersBytes -= session.getValue().weightBytes();
    sessions.remove(session.getKey());
    answering.remove(session.getKey());
  }

  private void dropAnswer(long session, ClientSession of) {
    answersBytes -= of.dropLowestAnswer();
    if (of.answers() == 0) {
      answering.remove(session);
    }
  }

  /** All of it in bytes, the same for the same log. */
  public byte[] encode() {
    ByteWriter writer = new ByteWriter((int) (8 + SESSION_BYTES * sessions.size() + answersBytes));
    writer.putByte(VERSION).putVarInt(sessions.size());
    long previousUseMillis = 0;
    for (Map.Entry<Long, ClientSession> each : sessions.entrySet()) {
      ClientSession session = each.getValue();
      writer.putVarLong(each.getKey());
      session.encode(writer, previousUseMillis);
      previousUseMillis = session.lastUseMillis();
    }
    return writer.takeByteArray();
  }

  /**
   * The sessions that were encoded.
   *
   * @param limits the same as then
   * @throws MalformedBytesException if these bytes are none
   */
  public static ClientSessions decode(SessionLimits limits, byte[] bytes) {
    ByteReader reader = new ByteReader(bytes);
    int version = reader.getByte();
    if (version != VERSION) {
      throw new MalformedBytesException("client sessions of version " + version);
    }
    ClientSessions read = new ClientSessions(limits);
    int count = reader.getVarInt();
    if (count < 0 || count > limits.sessions()) {
      throw new MalformedBytesException("too many client sessions");
    }
    long previousUseMillis = 0;
    for (int left = count; left > 0; left--) {
      previousUseMillis = read.decodeSession(reader, previousUseMillis);
    }
    if (read.answersBytes > limits.allAnswersBytes()) {
      throw new MalformedBytesException("too many answers of client sessions");
    }
    if (reader.remaining() > 0) {
      throw new MalformedBytesException(reader.remaining() + " bytes behind client sessions");
    }
    return read;
  }

  private long decodeSession(ByteReader reader, long previousUseMillis) {
    long id = reader.getVarLong();
    ClientSession session = ClientSession.decode(reader, previousUseMillis, limits);
    if (id < 1 || sessions.put(id, session) != null) {
      throw new MalformedBytesException("client session " + id + " comes twice, or is none");
    }
    if (session.answers() > 0) {
      answering.put(id, session);
      answersBytes += session.weightBytes();
    }
    return session.lastUseMillis();
  }
}
