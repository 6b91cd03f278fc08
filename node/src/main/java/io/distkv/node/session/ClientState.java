package io.distkv.node.session;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.ClientInfo;
import io.distkv.node.command.CommandSpec;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.distkv.node.command.SessionState;
import io.distkv.node.replica.FetchCall;
import io.distkv.node.replica.FetchedView;
import io.distkv.node.replica.Keyspace;
import io.distkv.node.replica.Keyspaces;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a session remembers of its client between commands, as connection commands see it. */
final class ClientState implements SessionState {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final String DEFAULT_USER = "default";
  private static final Reply.Failure EXEC_OVERTAKEN =
      Errors.of(ErrorCode.INTERNAL, "EXEC was begun twice");

  private final Session session;
  private final long id;
  private final SessionContext context;
  private final long openedNanos;
  private long usedNanos;
  private int protocol = 2;
  private String name = "";
  private String libraryName = "";
  private String libraryVersion = "";
  private boolean noEvict;
  private boolean noTouch;
  private Keyspace selected;

  /** The keyspaces as they were when {@link #selected} was looked up. */
  private Keyspaces known;

  private boolean selectedIsGone;
  private @Nullable CommandSpec lastCommand;
  private boolean repliesOff;
  private boolean skipNext;
  private @Nullable Transaction transaction;
  private Watches watches = new Watches();
  private @Nullable Execution deferred;
  private @Nullable Slot bound;

  ClientState(Session session, long id, SessionContext context, long openedNanos) {
    this.session = session;
    this.id = id;
    this.context = context;
    this.openedNanos = openedNanos;
    usedNanos = openedNanos;
    known = session.services().keyspaces().now();
    selected = known.first();
  }

  /** A command comes; tells whether its reply is not wanted. */
  boolean commandBegins(long nanos) {
    usedNanos = nanos;
    boolean silent = repliesOff || skipNext;
    skipNext = false;
    return silent;
  }

  void lastCommand(CommandSpec spec) {
    lastCommand = spec;
  }

  /** The slot of the command that runs now, which takes its effects on how replies are sent. */
  void bind(Slot slot) {
    bound = slot;
  }

  private Slot bound() {
    if (bound == null) {
      throw new IllegalStateException("no command runs");
    }
    return bound;
  }

  /** The commands queued since MULTI; null outside. */
  @Nullable Transaction transaction() {
    return transaction;
  }

  /** The memory that waits for what the client says next. */
  long queuedBytes() {
    return (transaction == null ? 0 : transaction.heldBytes()) + watches.heldBytes();
  }

  /** The selected keyspace, as of the last {@link #selectedIsGone}. */
  Keyspace selected() {
    return selected;
  }

  /**
   * Whether the selected keyspace was dropped, so that nothing can be asked of it; another of the
   * same name or number is not taken for it.
   */
  @SuppressWarnings("ReferenceEquality") // another object is what a change makes
  boolean selectedIsGone() {
    Keyspaces now = session.services().keyspaces().now();
    if (now != known) {
      known = now;
      Keyspace current = now.current(selected);
      selectedIsGone = current == null;
      selected = current == null ? selected : current;
    }
    return selectedIsGone;
  }

  private void select(Keyspaces now, Keyspace keyspace) {
    known = now;
    selected = keyspace;
    selectedIsGone = false;
  }

  /** Who the client is. */
  Passage.Client who() {
    return new Passage.Client(context.address(), name);
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public int protocol() {
    return protocol;
  }

  @Override
  public void setProtocol(int version) {
    protocol = version;
    bound().switchProtocol(version);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void setName(String newName) {
    name = newName;
  }

  @Override
  public void setLibrary(String newName, String newVersion) {
    libraryName = newName;
    libraryVersion = newVersion;
  }

  @Override
  public String libraryName() {
    return libraryName;
  }

  @Override
  public String libraryVersion() {
    return libraryVersion;
  }

  @Override
  public ClientInfo info() {
    long now = session.services().clock().monotonicNanos();
    return new ClientInfo(
        id,
        context.address(),
        context.localAddress(),
        name,
        (now - openedNanos) / NANOS_PER_SECOND,
        (now - usedNanos) / NANOS_PER_SECOND,
        selected.number(),
        transaction == null ? -1 : transaction.commands().size(),
        watches.size(),
        context.output().inputBytes(),
        context.output().outputBytes(),
        lastCommand == null ? "NULL" : lastCommand.name(),
        DEFAULT_USER,
        protocol,
        libraryName,
        libraryVersion,
        noEvict,
        noTouch);
  }

  @Override
  public boolean select(String numberOrName) {
    Keyspaces now = session.services().keyspaces().now();
    Keyspace found = now.find(numberOrName);
    if (found == null) {
      return false;
    }
    select(now, found);
    return true;
  }

  @Override
  public int keyspace() {
    return selected.number();
  }

  @Override
  public boolean passwordRequired() {
    return false;
  }

  @Override
  public boolean authenticated() {
    return true;
  }

  @Override
  public void authenticate(String user, byte[] password, Consumer<Boolean> done) {
    done.accept(false);
  }

  @Override
  public void setNoEvict(boolean on) {
    noEvict = on;
  }

  @Override
  public void setNoTouch(boolean on) {
    noTouch = on;
  }

  @Override
  public void setReplyMode(ReplyMode mode) {
    switch (mode) {
      case ON -> {
        repliesOff = false;
        skipNext = false;
      }
      case OFF -> repliesOff = true;
      case SKIP -> skipNext = !repliesOff;
    }
    bound().setSilent(mode != ReplyMode.ON);
  }

  @Override
  public boolean inTransaction() {
    return transaction != null;
  }

  @Override
  public void beginTransaction() {
    transaction = new Transaction(session.services().limits());
  }

  @Override
  public void discardTransaction() {
    transaction = null;
    watches = new Watches();
  }

  @Override
  public void execute(Consumer<Reply> done) {
    Transaction executed = transaction;
    if (executed == null || deferred != null) {
      done.accept(EXEC_OVERTAKEN);
      return;
    }
    Execution execution = new Execution(session, bound(), executed, watches, done);
    boolean pending = watches.pending();
    discardTransaction();
    if (pending) {
      deferred = execution;
      session.hold();
    } else {
      execution.start();
    }
  }

  @Override
  public void watch(List<byte[]> keys, Consumer<Reply> done) {
    Watches current = watches;
    Keyspace keyspace = selected;
    if (!current.hasRoomFor(keyspace, keys, session.services().limits())) {
      done.accept(session.services().limits().batchTooLarge());
      return;
    }
    List<byte[]> begun = current.begin(keyspace, keys);
    if (begun.isEmpty()) {
      done.accept(Reply.OK);
      return;
    }
    FetchGather.versions(
        session,
        keyspace,
        begun,
        bound(),
        new FetchGather.Outcome() {
          @Override
          public void fetched(List<FetchCall> calls, FetchedView view) {
            current.found(keyspace, calls);
            settle(done, Reply.OK);
          }

          @Override
          public void failed(Reply.Failure why) {
            current.failed(keyspace, begun);
            settle(done, why);
          }
        });
  }

  private void settle(Consumer<Reply> done, Reply reply) {
    done.accept(reply);
    Execution waiting = deferred;
    if (waiting != null && waiting.ready()) {
      deferred = null;
      waiting.start();
      session.resume();
    }
  }

  @Override
  public void unwatch() {
    watches = new Watches();
  }

  @Override
  public void reset() {
    discardTransaction();
    Keyspaces now = session.services().keyspaces().now();
    select(now, now.first());
    name = "";
    noEvict = false;
    noTouch = false;
    repliesOff = false;
    skipNext = false;
    bound().setSilent(false);
    setProtocol(2);
  }

  @Override
  public void closeAfterReply() {
    session.end();
    bound().closeAfter();
  }
}
