package io.distkv.node.command;

/**
 * Ends a command with an error reply. Thrown while arguments are parsed (before anything is logged)
 * or while the command runs (as its result); caught by {@link Prepared} and {@link CommandTable},
 * never seen outside this package. Carries no stack trace, because it is an answer and not a
 * defect.
 */
final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Reply.Failure error;

  CommandException(Reply.Failure error) {
    super(error.line(), null, false, false);
    this.error = error;
  }

  static CommandException invalid(String text) {
    return new CommandException(Errors.invalid(text));
  }

  Reply.Failure error() {
    return error;
  }
}
