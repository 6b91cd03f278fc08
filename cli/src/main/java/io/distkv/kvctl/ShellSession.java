package io.distkv.kvctl;

import io.distkv.client.DistKv;
import io.distkv.client.DistKvException;
import io.distkv.client.KeyspaceName;
import io.distkv.kvctl.text.Bytes;
import io.distkv.kvctl.text.Words;
import io.distkv.kvctl.wire.Target;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Commands that follow each other: what they share, and how each is run. Used by one thread. */
final class ShellSession implements AutoCloseable {
  /** Longer lines are no commands that somebody wrote. */
  private static final int MOST_LINE_BYTES = 32 << 20;

  private static final Duration NAMES_TIMEOUT = Duration.ofSeconds(1);
  private static final long NAMES_KEPT_NANOS = 5_000_000_000L;

  private final Shell shell;
  private final List<String> options;
  private final Clients clients = new Clients();
  private final Target target;
  private String keyspace;
  private boolean ended;
  private List<String> names = List.of();
  private long namesReadNanos;

  /**
   * A session.
   *
   * @param inherited what holds for all commands
   */
  ShellSession(Shell shell, Inherited inherited, String keyspace) {
    this.shell = shell;
    this.options = inherited.options();
    this.target = inherited.target();
    this.keyspace = keyspace;
  }

  /**
   * What the command {@code shell} was given for all that follow.
   *
   * @param options as on a command line, without the keyspace
   * @param target the node
   */
  record Inherited(List<String> options, Target target) {}

  String keyspace() {
    return keyspace;
  }

  /** Whether the user wants no more. */
  boolean isEnded() {
    return ended;
  }

  /** The command line that lines are made of; completes names of keyspaces. */
  CommandLine commandLine(Shell around) {
    CommandLine line = Invocation.commandLine(around, clients, this::names, "");
    // What a line says itself counts, not what the shell was given.
    line.setOverwrittenOptionsAllowed(true);
    return line;
  }

  /** Runs the lines of an input; the exit code of the first that failed. */
  ExitCode script(InputStream in) throws IOException {
    // Commands read nothing of it: it is the script.
    Shell around = shell.withInput(InputStream.nullInputStream(), false);
    ExitCode first = ExitCode.DONE;
    for (byte[] line = readLine(in); line != null && !ended; line = readLine(in)) {
      ExitCode code = run(Bytes.carry(line), around);
      if (first == ExitCode.DONE) {
        first = code;
      }
      if (code == ExitCode.INTERRUPTED || code == ExitCode.BROKEN_PIPE) {
        return code;
      }
    }
    return first;
  }

  private static byte @Nullable [] readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int b = in.read();
    if (b < 0) {
      return null;
    }
    while (b >= 0 && b != '\n') {
      if (line.size() >= MOST_LINE_BYTES) {
        throw Failure.usage("a line has more than " + (MOST_LINE_BYTES >> 20) + " MiB");
      }
      line.write(b);
      b = in.read();
    }
    return line.toByteArray();
  }

  /** Runs a line. */
  ExitCode run(String line, Shell around) {
    List<String> words;
    try {
      words = Words.of(line);
    } catch (IllegalArgumentException e) {
      shell.err().println("kvctl shell: " + e.getMessage() + "; the line was not run");
      return ExitCode.USAGE;
    }
    if (!words.isEmpty() && words.getFirst().equals("kvctl")) {
      words = words.subList(1, words.size());
    }
    if (words.isEmpty()) {
      return ExitCode.DONE;
    }
    return switch (words.getFirst()) {
      case "exit", "quit" -> {
        ended = true;
        yield ExitCode.DONE;
      }
      case "use" -> use(words);
      case "shell" -> {
        shell.err().println("kvctl shell: this is one already");
        yield ExitCode.USAGE;
      }
      default -> command(words, around);
    };
  }

  private ExitCode use(List<String> words) {
    if (words.size() != 2) {
      shell.err().println("kvctl shell: use KEYSPACE, a name or a number");
      return ExitCode.USAGE;
    }
    keyspace = words.get(1);
    return ExitCode.DONE;
  }

  private ExitCode command(List<String> words, Shell around) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of("--keyspace", keyspace));
    all.addAll(words);
    int code = Invocation.run(around, commandLine(around), all.toArray(new String[0]));
    return ExitCode.of(code);
  }

  private List<String> names() {
    long now = System.nanoTime();
    if (namesReadNanos == 0 || now - namesReadNanos > NAMES_KEPT_NANOS) {
      names = readNames();
      namesReadNanos = now;
    }
    return names;
  }

  /** Who presses TAB is not told why there is nothing; the next command will say it. */
  private List<String> readNames() {
    if (target.address().isResp()) {
      return List.of();
    }
    try {
      DistKv client = clients.of(target.address(), NAMES_TIMEOUT);
      return client.keyspaces().list().stream().map(KeyspaceName::name).toList();
    } catch (DistKvException e) {
      return List.of();
    }
  }

  /** Names of keyspaces that something may be completed to. */
  List<String> keyspaceNames() {
    return names();
  }

  @Override
  public void close() {
    clients.close();
  }
}
