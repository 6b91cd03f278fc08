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
import io.distkv.node.replica.Replica;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's conversation with the node: takes its requests one after another and gives the
 * replies in the same order.
 *
 * <p>A request that can be answered in its own turn, with nothing before it in line, leaves no
 * trace here. Any other gets a {@link Slot} in the line of replies and goes to its replicas as
 * {@link io.distkv.node.replica.Call}s, while the next request is taken: requests to different
 * partitions run side by side, those to one partition in order.
 *
 * <p>Invariants: replies leave in the order of the requests, each once; a request that is not
 * answered within the deadline is answered with a timeout, and what comes of it later is dropped;
 * nothing is said to the output after {@link #close}.
 *
 * <p>Used on its home lane only.
 */
public final class Session {
  static final Reply.Failure BUSY =
      Errors.of(ErrorCode.OVERLOADED, "too many requests wait; nothing was done; try again later");
  static final Reply.Failure CANCELLED =
      Errors.of(ErrorCode.TIMEOUT, "nobody waits for the reply any more");
  private static final Reply.Failure TIMEOUT =
      Errors.of(
          ErrorCode.TIMEOUT, "no answer within the deadline; a write may have happened or may yet");
  private static final Reply.Failure NOT_IN_TRANSACTION =
      Errors.invalid("Command not allowed inside a transaction");
  private static final Reply QUEUED = new Reply.Simple("QUEUED");

  private final LaneSessions lane;
  private final SessionServices services;
  private final LanePort home;
  private final Output output;
  private final ClientState client;
  private final Router router;
  private final Map<Long, Conversation> conversations = new HashMap<>();
  private final Queue<byte[][]> held = new ArrayDeque<>(0);
  private @Nullable Conversation lastConversation;
  private @Nullable Slot head;
  private @Nullable Slot tail;
  private int inFlight;
  private long inFlightBytes;
  private boolean holding;
  private boolean listed;
  private boolean ending;
  private volatile boolean closed;

  Session(LaneSessions lane, long id, SessionContext context) {
    this.lane = lane;
    services = lane.services();
    home = lane.port();
    output = context.output();
    client = new ClientState(this, id, context);
    router = new Router(this);
  }

  /** A number that no other session of this node has or had. */
  public long id() {
    return client.id();
  }

  /** Requests submitted and not answered yet. */
  public int inFlight() {
    return inFlight + held.size();
  }

  /** Bytes of the words of those requests. */
  public long inFlightBytes() {
    return inFlightBytes;
  }

  /**
   * Takes a request. Its reply goes to the output, now or later; after QUIT, requests are ignored.
   *
   * @param words the command's name first, at least one; not changed by anyone afterwards
   */
  public void submit(byte[][] words) {
    if (closed || ending) {
      return;
    }
    if (holding) {
      held.add(words);
      inFlightBytes += sizeBytes(words);
    } else {
      take(words);
    }
  }

  /** Bytes kept for the client's next words: the commands of a transaction, watched keys. */
  public long queuedBytes() {
    return client.queuedBytes();
  }

  /**
   * Answers a request that the front end could not take, after those before it; a transaction that
   * it would have been part of cannot be executed any more.
   */
  public void refuse(Reply.Failure why) {
    if (closed || ending) {
      return;
    }
    boolean silent = client.commandBegins(home.turnNanos());
    lane.count();
    shed();
    answerNow(null, why, silent);
  }

  /**
   * Gives up the commands of a transaction, which EXEC will refuse.
   *
   * @return false if there is no transaction
   */
  public boolean shed() {
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
    if (!closed) {
      closed = true;
      held.clear();
      lane.closed(this);
    }
  }

  /** Ends the session from the node's side, after the replies that are awaited now. */
  public void kill() {
    ending = true;
    if (tail == null) {
      output.close();
    } else {
      tail.closeAfter();
    }
  }

  private void take(byte[][] words) {
    boolean silent = client.commandBegins(home.turnNanos());
    long sizeBytes = sizeBytes(words);
    lane.count();
    switch (services.commands().prepare(words)) {
      case Prepared.Refused refused -> takeRefused(refused, silent, sizeBytes);
      case Prepared.Ready ready -> takeReady(ready, silent, sizeBytes);
    }
  }

  private void takeRefused(Prepared.Refused refused, boolean silent, long sizeBytes) {
    Transaction transaction = client.transaction();
    if (transaction != null && !refused.breaksTransaction()) {
      queue(transaction, refused, null, silent, sizeBytes);
      return;
    }
    if (transaction != null) {
      transaction.breakUp();
    }
    answerNow(null, refused.error(), silent);
  }

  private void takeReady(Prepared.Ready command, boolean silent, long sizeBytes) {
    CommandSpec spec = command.spec();
    client.lastCommand(spec);
    Reply.Failure refusal = refusal(command, sizeBytes);
    Transaction transaction = client.transaction();
    if (refusal != null) {
      if (transaction != null) {
        transaction.breakUp();
      }
      answerNow(spec, refusal, silent);
    } else if (transaction != null && !endsTransaction(spec)) {
      queue(transaction, command, spec, silent, sizeBytes);
    } else {
      run(command, silent, sizeBytes);
    }
  }

  private void run(Prepared.Ready command, boolean silent, long sizeBytes) {
    switch (command) {
      case Prepared.Read read -> router.read(read, silent, sizeBytes);
      case Prepared.Write write -> router.write(write, silent, sizeBytes);
      case Prepared.Converse converse -> {
        Slot slot = append(converse.spec(), silent, sizeBytes);
        slot.fill(converse(converse, slot));
      }
      case Prepared.Control control -> {
        Slot slot = append(control.spec(), silent, sizeBytes);
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
    return spec.scope() == CommandSpec.Scope.NONE || spec.is(Flag.LOADING)
        ? null
        : services.availability().refusal();
  }

  /** Whether a command is not queued inside MULTI but runs at once. */
  private static boolean endsTransaction(CommandSpec spec) {
    return switch (spec.name()) {
      case "exec", "discard", "multi", "watch", "quit", "reset" -> true;
      default -> false;
    };
  }

  private void queue(
      Transaction transaction,
      Prepared command,
      @Nullable CommandSpec spec,
      boolean silent,
      long sizeBytes) {
    Reply reply;
    if (spec != null && spec.is(Flag.NO_MULTI)) {
      transaction.breakUp();
      reply = NOT_IN_TRANSACTION;
    } else {
      reply = transaction.add(command, sizeBytes) ? QUEUED : services.limits().batchTooLarge();
    }
    answerNow(spec, reply, silent);
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

  /** Keeps requests back from here on. */
  void hold() {
    holding = true;
  }

  /** Takes the requests that were kept back, up to one that makes it hold again. */
  void resume() {
    holding = false;
    while (!holding && !closed) {
      byte[][] words = held.poll();
      if (words == null) {
        return;
      }
      inFlightBytes -= sizeBytes(words);
      take(words);
    }
  }

  /** A reply that is there at once: it leaves now if nothing is before it. */
  void answerNow(@Nullable CommandSpec spec, Reply reply, boolean silent) {
    if (head != null) {
      append(spec, silent, 0).fill(reply);
      return;
    }
    if (spec != null) {
      lane.observer().completed(spec, 0, reply instanceof Reply.Failure);
    }
    if (!silent && !closed) {
      output.reply(reply);
    }
  }

  /** A place at the end of the line. */
  Slot append(@Nullable CommandSpec spec, boolean silent, long sizeBytes) {
    Slot slot = new Slot(this, spec, silent, sizeBytes, home.turnNanos());
    if (tail == null) {
      head = slot;
    } else {
      tail.setNext(slot);
    }
    tail = slot;
    inFlight++;
    inFlightBytes += sizeBytes;
    if (!listed) {
      listed = true;
      lane.waits(this);
    }
    return slot;
  }

  /** Lets out the replies at the front of the line. */
  void release() {
    for (Slot slot = head; slot != null; slot = head) {
      Reply reply = slot.reply();
      if (reply == null) {
        return;
      }
      head = slot.next();
      if (head == null) {
        tail = null;
      }
      inFlight--;
      inFlightBytes -= slot.sizeBytes();
      letOut(slot, reply);
    }
  }

  private void letOut(Slot slot, Reply reply) {
    CommandSpec spec = slot.spec();
    if (spec != null) {
      long nanos = home.turnNanos() - slot.submittedNanos();
      lane.observer().completed(spec, nanos, reply instanceof Reply.Failure);
    }
    if (closed) {
      return;
    }
    if (slot.protocol() != 0) {
      output.protocol(slot.protocol());
    }
    if (slot.silent()) {
      output.unanswered();
    } else {
      output.reply(reply);
    }
    if (slot.closing()) {
      output.close();
    }
  }

  /** Answers what is over its deadline, and tells whether replies are still awaited. */
  boolean stillWaits(long nowNanos) {
    for (Slot slot = head; slot != null; slot = slot.next()) {
      if (nowNanos - slot.submittedNanos() < services.deadlineNanos()) {
        break;
      }
      slot.fill(TIMEOUT);
    }
    if (holding && head == null) {
      resume();
    }
    listed = head != null && !closed;
    return listed;
  }

  /** What keeps this session's commands to a replica in order. */
  Conversation conversation(Replica replica) {
    Conversation last = lastConversation;
    if (last == null || last.replica() != replica) {
      last =
          conversations.computeIfAbsent(
              replica.identity().id(), _ -> new Conversation(home, replica));
      lastConversation = last;
    }
    return last;
  }

  boolean closed() {
    return closed;
  }

  /** Nothing is to be taken any more. */
  void end() {
    ending = true;
  }

  ClientState client() {
    return client;
  }

  Output output() {
    return output;
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

  private static long sizeBytes(byte[][] words) {
    long size = 0;
    for (byte[] word : words) {
      size += word.length;
    }
    return size;
  }
}
