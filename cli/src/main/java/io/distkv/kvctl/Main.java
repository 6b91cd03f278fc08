package io.distkv.kvctl;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** The process {@code kvctl}. */
public final class Main {
  /** How long a command that was told to stop may take to leave things in order. */
  private static final Duration FAREWELL = Duration.ofSeconds(10);

  private Main() {}

  /**
   * Runs one command and ends the process with its exit code.
   *
   * <p>The command runs on a virtual thread because there an interrupt ends even a blocked read of
   * a socket: on Ctrl-C it is interrupted, saves what it must, and the process ends with {@link
   * ExitCode#INTERRUPTED}.
   */
  public static void main(String[] args) throws InterruptedException {
    // Jedis logs through SLF4J; with no logging library about, silence is what is wanted.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    // Numbers look the same everywhere, whatever digits and separators the user's country has.
    Locale.setDefault(Locale.ROOT);
    AtomicInteger code = new AtomicInteger(ExitCode.DEFECT.value());
    String[] arguments = RawArguments.recover(args);
    Thread command =
        Thread.ofVirtual()
            .name("command")
            .unstarted(() -> code.set(Kvctl.run(Shell.ofProcess(), arguments)));
    Thread onSignal = new Thread(() -> stop(command), "signal");
    Runtime.getRuntime().addShutdownHook(onSignal);
    command.start();
    command.join();
    try {
      Runtime.getRuntime().removeShutdownHook(onSignal);
    } catch (IllegalStateException e) {
      // The process is ending on a signal: the hook decides the exit code.
      onSignal.join();
    }
    System.exit(code.get());
  }

  private static void stop(Thread command) {
    command.interrupt();
    try {
      command.join(FAREWELL);
    } catch (InterruptedException e) {
      // Nobody interrupts a shutdown hook; if somebody does, ending at once is what it means.
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(ExitCode.INTERRUPTED.value());
  }
}
