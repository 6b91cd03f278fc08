package io.distkv.kvctl;

import io.distkv.kvctl.text.Durations;
import io.distkv.kvctl.wire.ConnectionException;
import io.distkv.kvctl.wire.Wire;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** How every command starts and ends: what picocli is told, and what becomes of what goes wrong. */
final class Invocation {
  private Invocation() {}

  /**
   * Runs a command line.
   *
   * @param arguments in carried form (see {@link io.distkv.kvctl.text.Bytes})
   * @return the exit code
   */
  static int run(Shell shell, CommandLine line, String... arguments) {
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

  /**
   * The command line with all commands.
   *
   * @param clients what they share; belongs to the caller
   * @param keyspaces what names of keyspaces are completed to
   * @param first the word that the line begins with; empty for a command line of all commands
   */
  static CommandLine commandLine(
      Shell shell, Clients clients, Supplier<List<String>> keyspaces, String first) {
    CommandLine line = new CommandLine(new Kvctl(shell, clients), new CompletingFactory(keyspaces));
    Commands.addTo(line, first);
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
    abbreviateSynopses(line);
    line.setUsageHelpWidth(100);
    line.setOut(new PrintWriter(shell.out(), false, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler((e, args) -> misused(shell, e));
    line.setExecutionExceptionHandler((e, at, result) -> failed(shell, e, at));
    return line;
  }

  private static void abbreviateSynopses(CommandLine line) {
    line.getSubcommands()
        .values()
        .forEach(sub -> {
          sub.getCommandSpec().usageMessage().abbreviateSynopsis(true);
          abbreviateSynopses(sub);
        });
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

  /** Makes what picocli asks for by class. */
  private record CompletingFactory(Supplier<List<String>> keyspaces)
      implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      return type == KeyspaceNames.class
          ? type.cast(new KeyspaceNames(keyspaces))
          : CommandLine.defaultFactory().create(type);
    }
  }
}
