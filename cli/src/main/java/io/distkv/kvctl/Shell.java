package io.distkv.kvctl;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a command has around it: its standard streams, whether a person sits at them, and the
 * environment. Tests put their own in the place of the process's.
 *
 * <p>Standard output carries exact bytes and reports a failed write; {@link System#out} would do
 * neither. It is buffered: {@link #flush} at the end of a command, and where output must be seen.
 */
public final class Shell {
  /** Which of the streams are terminals. */
  public record Terminals(boolean in, boolean out, boolean err) {
    /** Reads a list such as {@code in,err}, which is how the launcher tells. */
    static Terminals parse(String list) {
      List<String> names = List.of(list.split(",", -1));
      return new Terminals(names.contains("in"), names.contains("out"), names.contains("err"));
    }
  }

  private final InputStream in;
  private final OutputStream out;
  private final PrintStream err;
  private final Terminals terminals;
  private final Function<String, @Nullable String> environment;

  /** Set once a failure was told; the same bytes would fail again at the last flush. */
  private boolean outFailed;

  /** A shell around the given streams; what it writes and reads are bytes, its text is UTF-8. */
  public Shell(
      InputStream in,
      OutputStream out,
      OutputStream err,
      Terminals terminals,
      Function<String, @Nullable String> environment) {
    this.in = in;
    this.out = new BufferedOutputStream(out, 1 << 16);
    this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
    this.terminals = terminals;
    this.environment = environment;
  }

  static Shell ofProcess() {
    return new Shell(
        new InterruptibleInput(new FileInputStream(FileDescriptor.in)),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        Terminals.parse(System.getProperty("kvctl.terminals", "")),
        System::getenv);
  }

  /** The same with another input; both write to the same streams, of which this one is flushed. */
  Shell withInput(InputStream other, boolean terminal) {
    flush();
    return new Shell(
        other, out(), err, new Terminals(terminal, terminals.out(), terminals.err()), environment);
  }

  public InputStream in() {
    return in;
  }

  /** Standard output; for text prefer {@link #line}. */
  public OutputStream out() {
    return new Guarded();
  }

  public PrintStream err() {
    return err;
  }

  public Terminals terminals() {
    return terminals;
  }

  /** An environment variable that is set and not empty, or null. */
  public @Nullable String environment(String name) {
    String value = environment.apply(name);
    return value == null || value.isEmpty() ? null : value;
  }

  /** Writes exact bytes to standard output. */
  public void write(byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw outputFailed(e);
    }
  }

  /** Writes exact bytes, and on a terminal a line end behind them. */
  public void writeValue(byte[] value) {
    write(value);
    boolean ended = value.length > 0 && value[value.length - 1] == '\n';
    if (terminals.out() && !ended) {
      line("");
    }
  }

  /** Writes a line of text to standard output. */
  public void line(String text) {
    write((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Hands what was written to the reader of standard output. */
  public void flush() {
    if (outFailed) {
      return;
    }
    try {
      out.flush();
    } catch (IOException e) {
      throw outputFailed(e);
    }
  }

  private Failure outputFailed(IOException e) {
    outFailed = true;
    String reason = String.valueOf(e.getMessage());
    if (reason.contains("Broken pipe")) {
      return new Failure(ExitCode.BROKEN_PIPE, "", e);
    }
    return new Failure(ExitCode.FILE, "cannot write the standard output: " + reason, e);
  }

  /** Standard output as a stream whose failures are {@link Failure}s, like those of the methods. */
  private final class Guarded extends OutputStream {
    @Override
    public void write(int b) {
      Shell.this.write(new byte[] {(byte) b});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        throw outputFailed(e);
      }
    }

    @Override
    public void flush() {
      Shell.this.flush();
    }
  }
}
