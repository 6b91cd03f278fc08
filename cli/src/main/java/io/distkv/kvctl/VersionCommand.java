package io.distkv.kvctl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

@Command(name = "version", header = "Prints the version of kvctl and of the Java it runs on.")
final class VersionCommand extends Action {
  /** What --version prints. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"kvctl " + number() + " (Java " + Runtime.version() + ")"};
    }
  }

  static String number() {
    try (InputStream in = VersionCommand.class.getResourceAsStream("kvctl.properties")) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("version", "unknown");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected ExitCode act() {
    if (kvctl().json()) {
      Json.print(
          shell(),
          Json.object().put("version", number()).put("java", Runtime.version().toString()));
    } else {
      shell().line(new Version().getVersion()[0]);
    }
    return ExitCode.DONE;
  }
}
