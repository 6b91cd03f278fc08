package io.distkv.node.command;

import io.distkv.base.Version;
import java.util.function.Consumer;

/**
 * A command whose words have been checked, ready to run. What is checked here depends on the words
 * alone: a command that is prepared once can be prepared again from the same words anywhere, which
 * is what replaying a log does.
 */
public sealed interface Prepared {

  /** Reads data. */
  interface Reading {
    Reply run(View view);
  }

  /** Changes data, deterministically. */
  interface Writing {
    Reply run(Store store);
  }

  /** Uses the session alone, at once. */
  interface Conversing {
    Reply run(SessionState session);
  }

  /** Uses the node, and answers now or later. */
  interface Controlling {
    void run(SessionState session, NodeControl node, Consumer<Reply> done);
  }

  /**
   * The words were wrong; nothing runs and nothing is logged.
   *
   * @param breaksTransaction inside MULTI: whether EXEC must refuse everything (no such command, or
   *     the wrong number of words). Otherwise the command is queued like any other, and this error
   *     is its reply.
   */
  record Refused(Reply.Failure error, boolean breaksTransaction) implements Prepared {}

  /** A command with words. */
  sealed interface Ready extends Prepared {
    CommandSpec spec();

    Arguments arguments();

    /** Number of keys. */
    default int keyCount() {
      return spec().keys().count(arguments().size());
    }

    /** The n-th key, counted from 0. */
    default byte[] key(int n) {
      return arguments().bytes(spec().keys().index(n));
    }
  }

  /**
   * A read: never logged.
   *
   * @param asOf the version that it asks to see the data as of; {@link Version#LATEST} where it
   *     asks for none
   */
  record Read(CommandSpec spec, Arguments arguments, long asOf, Reading action) implements Ready {

    /** Whether it asks for the data as of a version of the client's choice. */
    public boolean ofThePast() {
      return asOf != Version.LATEST;
    }

    /** Runs on a view that holds at least this command's keys. */
    public Reply run(View view) {
      try {
        return action.run(view);
      } catch (CommandException e) {
        return e.error();
      }
    }
  }

  /**
   * A write: logged as its words, then run on every copy of the partition.
   *
   * @param readsKeys whether it reads its keys, so that they should be in memory before it is
   *     logged
   */
  record Write(CommandSpec spec, Arguments arguments, boolean readsKeys, Writing action)
      implements Ready {

    /** Applies the command; a failure is a result and leaves the store as it was. */
    public Reply run(Store store) {
      try {
        return action.run(store);
      } catch (CommandException e) {
        return e.error();
      }
    }
  }

  /** A command on the connection: runs on the session's lane, in order with its other commands. */
  record Converse(CommandSpec spec, Arguments arguments, Conversing action) implements Ready {

    /** Runs on the session's lane. */
    public Reply run(SessionState session) {
      try {
        return action.run(session);
      } catch (CommandException e) {
        return e.error();
      }
    }
  }

  /** A command on the node; started on the session's lane, and {@code done} is called there. */
  record Control(CommandSpec spec, Arguments arguments, Controlling action) implements Ready {

    /** Starts on the session's lane; calls {@code done} once. */
    public void run(SessionState session, NodeControl node, Consumer<Reply> done) {
      try {
        action.run(session, node, done);
      } catch (CommandException e) {
        done.accept(e.error());
      }
    }
  }
}
