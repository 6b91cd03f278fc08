package io.distkv.kvctl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;
import picocli.shell.jline3.PicocliJLineCompleter;

/** The shell on a terminal, a dumb one, too: prompt, history, completion, Ctrl-C. */
final class ShellPrompt {
  private static final int HISTORY_LINES = 1_000;

  private final ShellSession session;
  private final Shell shell;
  private final Terminal terminal;
  private final LineReader reader;
  private final AtomicReference<@Nullable Thread> running = new AtomicReference<>();

  ShellPrompt(ShellSession session, Shell shell, Terminal terminal, @Nullable Path history) {
    this.session = session;
    this.shell = shell;
    this.terminal = terminal;
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .appName("kvctl")
            .terminal(terminal)
            .parser(parser())
            .completer(completer(session, shell))
            // A "!" is part of a value.
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
            .option(LineReader.Option.BRACKETED_PASTE, false)
            .variable(LineReader.HISTORY_SIZE, HISTORY_LINES)
            .variable(LineReader.HISTORY_FILE_SIZE, HISTORY_LINES);
    if (history != null) {
      builder.variable(LineReader.HISTORY_FILE, history);
    }
    this.reader = builder.build();
  }

  static ShellPrompt onSystemTerminal(ShellSession session, Shell shell) throws IOException {
    Terminal terminal = TerminalBuilder.builder().name("kvctl").system(true).dumb(true).build();
    return new ShellPrompt(session, shell, terminal, historyFile(shell));
  }

  /** Where the history is kept; null, after a word about it, where it cannot be. */
  static @Nullable Path historyFile(Shell shell) {
    String state = shell.environment("XDG_STATE_HOME");
    String home = shell.environment("HOME");
    if (state == null && home == null) {
      return null;
    }
    Path folder =
        (state == null ? Path.of(String.valueOf(home), ".local", "state") : Path.of(state))
            .resolve("distkv");
    Path file = folder.resolve("kvctl_history");
    try {
      if (Files.notExists(file)) {
        Files.createDirectories(folder);
        Files.createFile(file);
        // Values are in it.
        LocalFiles.keepToOwner(file);
      }
      return file;
    } catch (IOException e) {
      Failure why = LocalFiles.failure("write", file, e);
      shell.err().println("kvctl shell: " + why.sentence() + "; the history is not kept");
      return null;
    }
  }

  private static DefaultParser parser() {
    DefaultParser parser = new DefaultParser();
    parser.setEofOnUnclosedQuote(false);
    parser.setEofOnEscapedNewLine(false);
    return parser;
  }

  private static Completer completer(ShellSession session, Shell shell) {
    Completer commands = new PicocliJLineCompleter(session.commandLine(shell).getCommandSpec());
    Completer own = new StringsCompleter("use", "exit", "quit");
    return (reader, line, candidates) -> {
      if (line.wordIndex() > 0 && line.words().getFirst().equals("use")) {
        session.keyspaceNames().forEach(name -> candidates.add(new Candidate(name)));
        return;
      }
      if (line.wordIndex() == 0) {
        own.complete(reader, line, candidates);
      }
      commands.complete(reader, line, candidates);
    };
  }

  /** Reads and runs lines until the user wants no more. */
  ExitCode run() throws IOException {
    // A command that asks the user something gets the next line.
    Shell around = shell.withInput(new Answers(), true);
    Terminal.SignalHandler before =
        terminal.handle(
            Terminal.Signal.INT,
            _ -> {
              Thread thread = running.get();
              if (thread != null) {
                thread.interrupt();
              }
            });
    try (terminal) {
      while (!session.isEnded()) {
        String line;
        try {
          line = reader.readLine(session.keyspace() + "> ");
        } catch (UserInterruptException e) {
          continue;
        } catch (EndOfFileException e) {
          break;
        }
        run(line, around);
      }
      reader.getHistory().save();
    } finally {
      var _ = terminal.handle(Terminal.Signal.INT, before);
    }
    return ExitCode.DONE;
  }

  private void run(String line, Shell around) {
    running.set(Thread.currentThread());
    try {
      session.run(line, around);
    } finally {
      running.set(null);
      // It was for the command, which has ended.
      var _ = Thread.interrupted();
    }
  }

  /** What the user types when a command asks. */
  private final class Answers extends InputStream {
    private byte[] line = {};
    private int at;

    @Override
    public int read() {
      if (at == line.length) {
        try {
          line = (reader.readLine("") + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (UserInterruptException | EndOfFileException e) {
          return -1;
        }
        at = 0;
      }
      return line[at++] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      // No further than the line: else the reader of one answer would wait for another.
      int count = 0;
      while (count < length) {
        int b = read();
        if (b < 0) {
          return count == 0 ? -1 : count;
        }
        bytes[offset + count++] = (byte) b;
        if (b == '\n') {
          break;
        }
      }
      return count;
    }
  }
}
