package io.distkv.kvctl;

import io.distkv.kvctl.wire.ConnectionException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ParentCommand;

/** A command under {@code kvctl}. */
public abstract class Action implements Callable<Integer> {
  @ParentCommand
  @SuppressWarnings("NullAway.Init")
  private Kvctl kvctl;

  /** The options that all commands share. */
  protected final Kvctl kvctl() {
    return kvctl;
  }

  protected final Shell shell() {
    return kvctl.shell();
  }

  /** Does what the command is for; ends early with a {@link Failure}. */
  protected abstract ExitCode act() throws ConnectionException;

  @Override
  public final Integer call() throws ConnectionException {
    return act().value();
  }
}
