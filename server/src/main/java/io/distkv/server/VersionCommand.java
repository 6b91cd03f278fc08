package io.distkv.server;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code distkv version}: one line. */
@Command(name = "version", description = "Print the versions of DistKV and Java.")
final class VersionCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().getOut().println(line());
    return ExitStatus.DONE.value();
  }

  static String line() {
    return "distkv " + BuildVersion.TEXT + " (Java " + Runtime.version() + ")";
  }

  /** Tells picocli's {@code --version} the same. */
  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {line()};
    }
  }
}
