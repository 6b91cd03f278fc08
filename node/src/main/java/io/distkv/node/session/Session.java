package io.distkv.node.session;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.CommandSpec;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Flag;
import io.distkv.node.command.Prepared;
import io.distkv.node.command.Reply;
import io.distkv.node.replica.Conversation;
import io.distkv.node.replica.Keyspace;
import io.distkv.node.replica.LanePort;
import io.distkv.node.replica.Refusals;
import io.distkv.node.replica.Replica;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's conversation with the node: takes its requests one after another and gives the
 * replies in the same order, through its {@link ReplyLine}.
 *
 * <p>A request that cannot be answered in its own turn gets a place in that line and goes to its
 * replicas as {@link io.distkv.node.replica.Call}s, while the next request is taken: requests to
 * different partitions run side by side, those to one partition in order.
 *
 * <p>Used on its home lane only.
 */
public final class Session {
  static final Reply.Failure BUSY =
      Errors.of(ErrorCode.OVERLOADED, "too many requests wait; nothing was done; try again later");
  static final Reply.Failure CANCELLED =
      Errors.of(ErrorCode.TIMEOUT, "nobody waits for the reply any more");
  private static final Reply.Failure NOT_IN_TRANSACTION =
      Errors.invalid("Command not allowed inside a transaction");
  private static final Reply.Failure PAST_IN_TRANSACTION =
      Errors.invalid("ASOF is not allowed inside a transaction, which sees one moment only");
  private static final Reply QUEUED = new Reply.Simple("QUEUED");

  /** Kept although nothing is under way in them, since the client is likely to come back. */
  private static final int MOST_IDLE_CONVERSATIONS = 256;

  private static final long CONVERSATION_BYTES = 160;

  private final LaneSessions lane;
  private final SessionServices services;
  private final LanePort home;
  private final ReplyLine line;
  private final ClientState client;
  private final Router router;
  private final boolean ordered;
  private final Map<Long, Conversation> conversations;
  private final Queue<Held> held = new ArrayDeque<>(0);
  private @Nullable Conversation lastConversation;
  private long heldBytes;
  private boolean paced;
  private boolean holding;
  private boolean ending;

  /** A request that is kept back. */
  private static final class Held {
    final byte[][] words;
    final @Nullable Follower follower;

    Held(byte[][] words, @Nullable Follower follower) {
      this.words = words;
      this.follower = follower;
    }
  }

  private Session(
      LaneSessions lane, long id, SessionContext context, long openedNanos, boolean ordered) {
    this.lane = lane;
    this.ordered = ordered;
    services = lane.services();
    home = lane.port();
    conversations = ordered ? new HashMap<>() : Map.of();
    line = new ReplyLine(this, lane, context.output(), !ordered);
    client = new ClientState(this, id, context, openedNanos);
    router = new Router(this, line);
  }

  /** One that takes requests until it is closed. */
  static Session ofClient(LaneSessions lane, long id, SessionContext context) {
    return new Session(lane, id, context, lane.services().clock().monotonicNanos(), true);
  }

  /** One for a single request, whose deadline is the caller's to watch by {@link #stillWaits}. */
  static Session ofOneRequest(LaneSessions lane, Output output) {
    LanePort home = lane.port();
    SessionContext context = new SessionContext(home.lane().index(), "", "", output);
    return new Session(lane, 0, context, home.turnNanos(), false);
  }

  /** A number that no other session of this node has or had. */
  public long id() {
    return client.id();
  }

  /** Requests submitted and not answered yet. */
  public int inFlight() {
    return line.inFlight() + held.size();
  }

  /** Bytes of the words of those requests. */
  public long inFlightBytes() {
    return line.inFlightBytes() + heldBytes;
  }

  /**
   * Takes a request. Its reply goes to the output, now or later; after QUIT, requests are ignored.
   *
   * @param words the command's name first, at least one; not changed by anyone afterwards
   */
  public void submit(byte[][] words) {
    submit(words, null);
  }

  /**
   * Likewise.
   *
   * @param follower told of the way that the request takes; null if nobody wants to know
   */
  public void submit(byte[][] words, @Nullable Follower follower) {
    if (line.closed() || ending) {
      return;
    }
    if (holding) {
      held.add(new Held(words, follower));
      heldBytes += sizeBytes(words);
    } else {
      take(words, follower);
    }
  }

  /**
   * Bytes kept for the client's next words: the commands of a transaction, watched keys, what keeps
   * its commands to each partition in order.
   */
  public long queuedBytes() {
    return client.queuedBytes() + conversations.size() * CONVERSATION_BYTES;
  }

  /**
   * Answers a request that the front end could not take, after those before it; a transaction that
   * it would have been part of cannot be executed any more.
   */
  public void refuse(Reply.Failure why) {
    if (line.closed() || ending) {
      return;
    }
    boolean silent = client.commandBegins(home.turnNanos());
    lane.count();
    breakUpTransaction();
    line.answerNow(null, why, silent);
  }

  /**
   * Gives up the commands of a transaction, which EXEC will refuse, or else what the client will
   * not notice.
   *
   * @return false if there is neither
   */
  public boolean shed() {
    return breakUpTransaction() || forgetConversations();
  }

  private boolean breakUpTransaction() {
    Transaction transaction = client.transaction();
    if (transaction != null) {
      transaction.breakUp();
    }
    return transaction != null;
  }

  /**
   * The client is gone: nothing is said to the output any more, what waits is dropped, and writes
   * that are in the log go on.
   */
  public void close() {
    if (!line.closed()) {
      line.close();
      held.clear();
      lane.closed(this);
    }
  }

  /** Ends the session from the node's side, after the replies that are awaited now. */
  public void kill() {
    ending = true;
    line.closeAtEnd();
  }

  private void take(byte[][] words, @Nullable Follower follower) {
    if (conversations.size() > MOST_IDLE_CONVERSATIONS) {
      forgetConversations();
    }
    boolean silent = client.commandBegins(home.turnNanos());
    long sizeBytes = sizeBytes(words);
    lane.count();
    if (follower != null) {
      line.follow(follower);
    }
    switch (services.commands().prepare(words)) {
      case Prepared.Refused refused -> takeRefused(refused, silent, sizeBytes);
      case Prepared.Ready ready -> takeReady(ready, silent, sizeBytes);
    }
  }

  private void takeRefused(Prepared.Refused refused, boolean silent, long sizeBytes) {
    Transaction transaction = client.transaction();
    if (transaction != null && !refused.breaksTransaction()) {
      queue(transaction, refused, silent, sizeBytes);
      return;
    }
    if (transaction != null) {
      transaction.breakUp();
    }
    line.answerNow(null, refused.error(), silent);
  }

  private void takeReady(Prepared.Ready command, boolean silent, long sizeBytes) {
    CommandSpec spec = command.spec();
    client.lastCommand(spec);
    Reply.Failure refusal = refusal(command, sizeBytes);
    if (refusal == null && command instanceof Prepared.Write && mayBeRefused()) {
      refusal = Admission.REFUSED;
    }
    Transaction transaction = client.transaction();
    if (refusal != null) {
      if (transaction != null) {
        transaction.breakUp();
      }
      line.answerNow(command, refusal, silent);
    } else if (transaction != null && !endsTransaction(spec)) {
      queue(transaction, command, silent, sizeBytes);
    } else {
      run(command, silent, sizeBytes);
    }
  }

  private boolean mayBeRefused() {
    return client.transaction() == null
        && line.isEmpty()
        && !paced
        && !lane.admission().admits(home.turnNanos());
  }

  /** Whether its requests are some of many of one client, which paces itself by their replies. */
  boolean isPaced() {
    return paced;
  }

  void setPaced(boolean isPaced) {
    paced = isPaced;
  }

  private void run(Prepared.Ready command, boolean silent, long sizeBytes) {
    if (command.spec().scope() == CommandSpec.Scope.KEYS && lane.keys().isDue()) {
      lane.keys().take(keyspace().name(), command, home.turnNanos());
    }
    switch (command) {
      case Prepared.Read read -> router.read(read, silent, sizeBytes);
      case Prepared.Write write -> router.write(write, silent, sizeBytes);
      case Prepared.Converse converse -> {
        Slot slot = line.append(converse, silent, sizeBytes);
        slot.fill(converse(converse, slot));
      }
      case Prepared.Control control -> {
        Slot slot = line.append(control, silent, sizeBytes);
        control(control, slot, slot::fill);
      }
    }
  }

  private Reply.@Nullable Failure refusal(Prepared.Ready command, long sizeBytes) {
    Reply.Failure tooLarge = services.limits().refusal(command, sizeBytes);
    if (tooLarge != null) {
      return tooLarge;
    }
    CommandSpec spec = command.spec();
    if (spec.scope() == CommandSpec.Scope.NONE || spec.is(Flag.LOADING)) {
      return null;
    }
    Reply.Failure unavailable = services.availability().refusal();
    if (unavailable != null || client.transaction() != null) {
      // What a transaction will have selected is known when it is executed.
      return unavailable;
    }
    boolean gone = client.selectedIsGone() && spec.scope() != CommandSpec.Scope.NODE;
    return gone ? Refusals.dropped(client.selected().name()) : null;
  }

  /** Whether a command is not queued inside MULTI but runs at once. */
  private static boolean endsTransaction(CommandSpec spec) {
    return switch (spec.name()) {
      case "exec", "discard", "multi", "watch", "quit", "reset" -> true;
      default -> false;
    };
  }

  private void queue(Transaction transaction, Prepared command, boolean silent, long sizeBytes) {
    Prepared.Ready ready = command instanceof Prepared.Ready runnable ? runnable : null;
    Reply reply;
    if (command instanceof Prepared.Read read && read.ofThePast()) {
      transaction.breakUp();
      reply = PAST_IN_TRANSACTION;
    } else if (ready != null && ready.spec().is(Flag.NO_MULTI)) {
      transaction.breakUp();
      reply = NOT_IN_TRANSACTION;
    } else {
      reply = transaction.add(command, sizeBytes) ? QUEUED : services.limits().batchTooLarge();
    }
    line.answerNow(ready, reply, silent);
  }

  /** Runs a command on the connection; a slot takes what it changes of how replies are sent. */
  Reply converse(Prepared.Converse command, Slot slot) {
    client.bind(slot);
    return command.run(client);
  }

  /** Starts a command on the node; {@code done} is told now or later. */
  void control(Prepared.Control command, Slot slot, Consumer<Reply> done) {
    client.bind(slot);
    command.run(client, lane.control(), done);
  }

  /** Whether a transaction whose reply has this place may write, or is refused. */
  boolean admitsTransaction(Slot slot) {
    return line.admitsTransaction(slot);
  }

  /** Keeps requests back from here on. */
  void hold() {
    holding = true;
  }

  /** Takes the requests that were kept back, up to one that makes it hold again. */
  void resume() {
    holding = false;
    while (!holding && !line.closed()) {
      Held next = held.poll();
      if (next == null) {
        return;
      }
      heldBytes -= sizeBytes(next.words);
      take(next.words, next.follower);
    }
  }

  /** Answers what is over its deadline, and tells whether replies are still awaited. */
  boolean stillWaits(long nowNanos) {
    line.answerOverdue(nowNanos, services.deadlineNanos());
    if (holding && line.isEmpty()) {
      resume();
    }
    return line.stillWaits();
  }

  /** What keeps this session's commands to a replica in order. */
  Conversation conversation(Replica replica) {
    if (!ordered) {
      return replica.unordered(home);
    }
    Conversation last = lastConversation;
    if (last == null || last.replica() != replica) {
      last =
          conversations.compute(
              replica.identity().id(),
              (_, known) ->
                  known != null && known.replica() == replica
                      ? known
                      : new Conversation(home, replica));
      lastConversation = last;
    }
    return last;
  }

  /** Forgets all conversations, if nothing is under way in any: there is no order to keep then. */
  private boolean forgetConversations() {
    if (conversations.isEmpty() || !line.isQuiet()) {
      return false;
    }
    conversations.clear();
    lastConversation = null;
    return true;
  }

  /** Nothing is to be taken any more. */
  void end() {
    ending = true;
  }

  ClientState client() {
    return client;
  }

  LanePort home() {
    return home;
  }

  SessionServices services() {
    return services;
  }

  /** The selected keyspace. */
  Keyspace keyspace() {
    return client.selected();
  }

  long wallMillis() {
    return services.clock().wallMillis();
  }

  static long sizeBytes(byte[][] words) {
    long size = 0;
    for (byte[] word : words) {
      size += word.length;
    }
    return size;
  }
}
