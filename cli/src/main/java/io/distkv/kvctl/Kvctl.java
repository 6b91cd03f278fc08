package io.distkv.kvctl;

import io.distkv.client.DistKv;
import io.distkv.kvctl.store.ClientStore;
import io.distkv.kvctl.store.KeyspaceNumbers;
import io.distkv.kvctl.store.RespStore;
import io.distkv.kvctl.store.Store;
import io.distkv.kvctl.wire.Address;
import io.distkv.kvctl.wire.Address.Protocol;
import io.distkv.kvctl.wire.ConnectionException;
import io.distkv.kvctl.wire.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root command: the options that all commands share, and how every command starts and ends. */
@Command(
    name = "kvctl",
    header = "Talks to a DistKV node.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = VersionCommand.Version.class,
    footer = {
      "",
      "Examples:",
      "  kvctl put greeting 'hello, world'",
      "  kvctl get greeting",
      "  kvctl import packages.jsonl",
      "  kvctl scan --prefix package/ --limit 10",
      "  kvctl watch --prefix order/",
      "  kvctl status --address 127.0.0.1:7379",
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
  private static final String RESP_ADDRESS_VARIABLE = "DISTKV_RESP_ADDRESS";

  /** Sockets count whole milliseconds in 31 bits, and take 0 for ever. */
  private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(1);

  private static final Duration LONGEST_TIMEOUT = Duration.ofDays(24);

  private final Shell shell;
  private final Clients clients;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = {"-a", "--address"},
      paramLabel = "HOST:PORT",
      scope = ScopeType.INHERIT,
      order = 100,
      description =
          "The node's gRPC address (default: $DISTKV_ADDRESS, else 127.0.0.1:7379; ./distkv start"
              + " prints it as grpc=). resp://HOST:PORT speaks the protocol of Redis.")
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
      completionCandidates = KeyspaceNames.class,
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

  Kvctl(Shell shell, Clients clients) {
    this.shell = shell;
    this.clients = clients;
  }

  /**
   * Runs a command line.
   *
   * @param arguments in carried form (see {@link io.distkv.kvctl.text.Bytes})
   * @return the exit code
   */
  public static int run(Shell shell, String... arguments) {
    try (Clients clients = new Clients()) {
      CommandLine line =
          Invocation.commandLine(
              shell, clients, KeyspaceNames.UNKNOWN, arguments.length == 0 ? "" : arguments[0]);
      return Invocation.run(shell, line, arguments);
    }
  }

  /** Without a command: the help, and an exit code that says that nothing was done. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command?");
  }

  /** What the commands of a shell are given before what they say themselves. */
  ShellSession.Inherited inherited() {
    Target target = target();
    List<String> options = new ArrayList<>();
    options.addAll(List.of("--address", target.address().toString()));
    options.addAll(List.of("--timeout", timeout.toNanos() / 1_000 + "us"));
    options.addAll(List.of("--output", output.name()));
    if (quiet) {
      options.add("--quiet");
    }
    if (noColor) {
      options.add("--no-color");
    }
    return new ShellSession.Inherited(List.copyOf(options), target);
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
    return target(resolveAddress(Protocol.GRPC, environment(ADDRESS_VARIABLE, "")));
  }

  /** The same where RESP is spoken whatever else could be. */
  public Target respTarget() {
    String named = environment(RESP_ADDRESS_VARIABLE, "");
    String general = environment(ADDRESS_VARIABLE, "");
    boolean generalIsResp =
        named.isEmpty()
            && !general.isEmpty()
            && Address.parse(general, Protocol.GRPC, "$" + ADDRESS_VARIABLE).isResp();
    return target(resolveAddress(Protocol.RESP, generalIsResp ? general : named));
  }

  private Target target(Address resolved) {
    if (timeout.compareTo(SHORTEST_TIMEOUT) < 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      throw Failure.usage("--timeout goes from 1ms to 24d");
    }
    return new Target(resolved, keyspace, timeout);
  }

  /** The keys of the target. */
  public Store connect() throws ConnectionException {
    Target target = target();
    if (target.address().isResp()) {
      return RespStore.open(target);
    }
    DistKv client = clients.of(target.address(), target.timeout());
    return new ClientStore(client, KeyspaceNumbers.named(client, target));
  }

  /**
   * The Java client of the target.
   *
   * @param what the command that cannot do without
   */
  public DistKv client(String what) {
    Target target = target();
    if (target.address().isResp()) {
      throw Failure.usage(what + " needs a node's gRPC address, without resp:// before it");
    }
    return clients.of(target.address(), target.timeout());
  }

  private String environment(String name, String unset) {
    String value = shell.environment(name);
    return value == null ? unset : value;
  }

  /**
   * @param variable what the environment names, if anything
   */
  private Address resolveAddress(Protocol unsaid, String variable) {
    if (address != null && (host != null || port != null)) {
      throw Failure.usage("give --address or --host and --port, not both");
    }
    if (address != null) {
      return Address.parse(address, unsaid, "--address");
    }
    String source = "$" + (unsaid == Protocol.GRPC ? ADDRESS_VARIABLE : RESP_ADDRESS_VARIABLE);
    Address base =
        variable.isEmpty() ? unsaid.byDefault() : Address.parse(variable, unsaid, source);
    if (port != null && (port < 1 || port > 65_535)) {
      throw Failure.usage("--port is " + port + ", but ports go from 1 to 65535");
    }
    return new Address(
        base.protocol(), host == null ? base.host() : host, port == null ? base.port() : port);
  }
}
