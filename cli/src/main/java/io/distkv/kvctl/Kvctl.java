package io.distkv.kvctl;

import io.distkv.kvctl.bench.BenchCommand;
import io.distkv.kvctl.text.Durations;
import io.distkv.kvctl.transfer.ExportCommand;
import io.distkv.kvctl.transfer.ImportCommand;
import io.distkv.kvctl.wire.Address;
import io.distkv.kvctl.wire.ConnectionException;
import io.distkv.kvctl.wire.Target;
import io.distkv.kvctl.wire.Wire;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The root command: the options that all commands share, and how every command starts and ends. */
@Command(
    name = "kvctl",
    header = "Talks to a DistKV node.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = VersionCommand.Version.class,
    subcommands = {
      GetCommand.class,
      PutCommand.class,
      DeleteCommand.class,
      ScanCommand.class,
      IncrCommand.class,
      TtlCommand.class,
      ExpireCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      BenchCommand.class,
      StatusCommand.class,
      CompletionCommand.class,
      VersionCommand.class,
      HelpCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  kvctl put greeting 'hello, world'",
      "  kvctl get greeting",
      "  kvctl import packages.jsonl",
      "  kvctl scan --prefix package/ --limit 10",
      "  kvctl status --address 127.0.0.1:6379",
      "",
      "Exit codes: 0 done, 1 done in part (a key not found, bad lines), 2 wrong usage,",
      "3 no connection, 4 error from the node, 5 interrupted, 6 local file trouble,",
      "70 a defect in kvctl. `kvctl COMMAND --help` shows a command's options."
    })
public final class Kvctl implements Runnable {
  /** How results are printed. */
  public enum Output {
    table,
    json
  }

  private static final String ADDRESS_VARIABLE = "DISTKV_ADDRESS";

  /** Sockets count whole milliseconds in 31 bits, and take 0 for ever. */
  private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(1);

  private static final Duration LONGEST_TIMEOUT = Duration.ofDays(24);

  private final Shell shell;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = {"-a", "--address"},
      paramLabel = "HOST:PORT",
      scope = ScopeType.INHERIT,
      order = 100,
      description =
          "The node's RESP address (default: $DISTKV_ADDRESS, else 127.0.0.1:6379; ./distkv start"
              + " prints it as resp=).")
  private @Nullable String address;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      scope = ScopeType.INHERIT,
      order = 101,
      description = "The host alone.")
  private @Nullable String host;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      scope = ScopeType.INHERIT,
      order = 102,
      description = "The port alone.")
  private @Nullable Integer port;

  @Option(
      names = {"-k", "--keyspace"},
      paramLabel = "NAME|NUMBER",
      scope = ScopeType.INHERIT,
      order = 103,
      defaultValue = Target.DEFAULT_KEYSPACE,
      description = "The keyspace (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private String keyspace;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      scope = ScopeType.INHERIT,
      order = 104,
      defaultValue = "10s",
      description =
          "How long to wait for a connection and for each reply (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private Duration timeout;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "table|json",
      scope = ScopeType.INHERIT,
      order = 105,
      defaultValue = "table",
      description = "For people or for programs (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private Output output;

  @Option(
      names = "--no-color",
      scope = ScopeType.INHERIT,
      order = 106,
      description = "No colors; $NO_COLOR does the same.")
  @SuppressWarnings(
      "UnusedVariable") // looked for before picocli parses, which prints in color itself
  private boolean noColor;

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      order = 107,
      description = "Only results and errors: no progress, no remarks.")
  private boolean quiet;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      order = 108,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      order = 109,
      description = "Show the version.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean version;

  private Kvctl(Shell shell) {
    this.shell = shell;
  }

  /**
   * Runs a command line.
   *
   * @param arguments in carried form (see {@link io.distkv.kvctl.text.Bytes})
   * @return the exit code
   */
  public static int run(Shell shell, String... arguments) {
    CommandLine line = commandLine(shell);
    List<String> given = List.of(arguments);
    boolean plain =
        given.contains("--no-color")
            || shell.environment("NO_COLOR") != null
            || !shell.terminals().out();
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            plain ? CommandLine.Help.Ansi.OFF : CommandLine.Help.Ansi.ON));
    int code;
    try {
      code = line.execute(arguments);
      line.getOut().flush();
      shell.flush();
    } catch (Failure failure) {
      code = complain(shell, "kvctl", failure);
    }
    return code;
  }

  static CommandLine commandLine(Shell shell) {
    CommandLine line = new CommandLine(new Kvctl(shell));
    line.registerConverter(
        Duration.class,
        text -> {
          try {
            return Durations.parse(text);
          } catch (IllegalArgumentException e) {
            throw new CommandLine.TypeConversionException(e.getMessage());
          }
        });
    // A key or value that begins with @ is no file of arguments.
    line.setExpandAtFiles(false);
    line.getCommandSpec().usageMessage().abbreviateSynopsis(true);
    line.getSubcommands()
        .values()
        .forEach(sub -> sub.getCommandSpec().usageMessage().abbreviateSynopsis(true));
    line.setUsageHelpWidth(100);
    line.setOut(new PrintWriter(shell.out(), false, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler((e, args) -> misused(shell, e));
    line.setExecutionExceptionHandler((e, at, result) -> failed(shell, e, at));
    return line;
  }

  private static int misused(Shell shell, ParameterException e) {
    CommandLine at = e.getCommandLine();
    String name = at.getCommandSpec().qualifiedName();
    StringBuilder sentence = new StringBuilder(firstLine(e.getMessage()));
    if (e instanceof UnmatchedArgumentException unmatched) {
      List<String> suggestions = unmatched.getSuggestions();
      if (!suggestions.isEmpty()) {
        sentence.append("; did you mean ").append(String.join(" or ", suggestions)).append('?');
      }
    }
    shell.err().println(name + ": " + sentence + " (" + name + " --help says more)");
    return ExitCode.USAGE.value();
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "wrong usage" : message.lines().findFirst().orElse("wrong usage");
  }

  private static int failed(Shell shell, Exception e, CommandLine at) {
    String name = at.getCommandSpec().qualifiedName();
    return switch (e) {
      case Failure failure -> complain(shell, name, failure);
      case ConnectionException lost -> complain(shell, name, Wire.asFailure(lost));
      case ParameterException wrong -> misused(shell, wrong);
      default -> {
        shell.err().println(name + ": a defect in kvctl: " + e + "; please report it with this:");
        e.printStackTrace(shell.err());
        yield ExitCode.DEFECT.value();
      }
    };
  }

  private static int complain(Shell shell, String name, Failure failure) {
    if (!failure.sentence().isEmpty()) {
      shell.err().println(name + ": " + failure.sentence());
    }
    return failure.code().value();
  }

  /** Without a command: the help, and an exit code that says that nothing was done. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command?");
  }

  public Shell shell() {
    return shell;
  }

  /** Whether results are for programs. */
  public boolean json() {
    return output == Output.json;
  }

  public boolean quiet() {
    return quiet;
  }

  /** Tells the user something that is neither result nor error. */
  public void remark(String sentence) {
    if (!quiet) {
      shell.err().println(sentence);
    }
  }

  /** The node and keyspace that the command is about. */
  public Target target() {
    if (timeout.compareTo(SHORTEST_TIMEOUT) < 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      throw Failure.usage("--timeout goes from 1ms to 24d");
    }
    return new Target(resolveAddress(), keyspace, timeout);
  }

  /** A connection to the target. */
  public Wire connect() throws ConnectionException {
    return Wire.open(target());
  }

  private Address resolveAddress() {
    if (address != null && (host != null || port != null)) {
      throw Failure.usage("give --address or --host and --port, not both");
    }
    if (address != null) {
      return Address.parse(address, "--address");
    }
    String variable = shell.environment(ADDRESS_VARIABLE);
    Address base =
        variable == null ? Address.DEFAULT : Address.parse(variable, "$" + ADDRESS_VARIABLE);
    if (port != null && (port < 1 || port > 65_535)) {
      throw Failure.usage("--port is " + port + ", but ports go from 1 to 65535");
    }
    return new Address(host == null ? base.host() : host, port == null ? base.port() : port);
  }
}
