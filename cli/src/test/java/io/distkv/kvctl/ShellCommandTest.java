package io.distkv.kvctl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.kvctl.wire.Address;
import io.distkv.kvctl.wire.Target;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
final class ShellCommandTest extends LiveNode {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private Ran script(String text, String... options) {
    String[] all = new String[options.length + 1];
    all[0] = "shell";
    System.arraycopy(options, 0, all, 1, options.length);
    return run(Ran.Setting.PLAIN.typing(text), all);
  }

  @Test
  void commandsOfAPipeRunOneAfterTheOther() {
    Ran ran =
        script(
            """
            # what a script says
            put 'a key' "a value"
            kvctl get 'a key' other

            incr n --by 5
            exit
            put never 1
            """);
    assertThat(ran.out()).isEqualTo("a key\ta value\n5\n");
    assertThat(ran.err()).isEqualTo("kvctl get: no key 'other' in keyspace default\n");
    assertThat(ran.code()).isEqualTo(1);
    assertThat(run("get", "never").code()).isEqualTo(1);
  }

  @Test
  void optionsHoldForAllLinesAndALinesOwnCountMore() {
    assertThat(script("keyspace create shelled\nuse shelled\nput k 1\n").code()).isZero();
    Ran ran = script("get k\nget k -o table\nuse default\nget k\n", "-k", "shelled", "-o", "json");
    assertThat(ran.out()).isEqualTo("{\"key\":\"k\",\"value\":\"1\"}\n1");
    assertThat(ran.code()).isEqualTo(1);
  }

  @Test
  void whatIsNoCommandIsToldAndTheNextLineRuns() {
    Ran ran = script("put 'a\nputt a\nuse\nshell\nput --stdin s\nput z 1\nget z\n");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).isEqualTo("1");
    assertThat(ran.err())
        .contains("a ' is not closed", "did you mean put", "use KEYSPACE", "this is one already");
  }

  private record Typed(String screen, Ran ran) {}

  /** Types keys at a terminal, and reads what is on it and what commands have printed. */
  private Typed type(String terminalType, String keys) throws IOException {
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    // Never at its end, as a terminal is.
    PipedInputStream typed = new PipedInputStream(1 << 16);
    PipedOutputStream hands = new PipedOutputStream(typed);
    hands.write(keys.getBytes(UTF_8));
    hands.flush();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Shell shell =
        new Shell(
            new ByteArrayInputStream(new byte[0]),
            out,
            err,
            new Shell.Terminals(true, false, false),
            Map.of("XDG_STATE_HOME", folder.toString())::get);
    // Of all kinds of terminals, the one whose output is there when it has been written.
    Terminal terminal = new ExternalTerminal("test", terminalType, typed, screen, UTF_8);
    terminal.setSize(new Size(100, 30));
    Target target =
        new Target(
            Address.parse(node.address(), Address.Protocol.GRPC, "test"),
            "default",
            Duration.ofSeconds(10));
    ShellSession.Inherited inherited =
        new ShellSession.Inherited(List.of("--address", node.address()), target);
    try (ShellSession session = new ShellSession(shell, inherited, "default")) {
      ExitCode code =
          new ShellPrompt(session, shell, terminal, ShellPrompt.historyFile(shell)).run();
      return new Typed(
          screen.toString(UTF_8), new Ran(code.value(), out.toString(UTF_8), err.toString(UTF_8)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ansi", "dumb"})
  void aTerminalHasAPromptAndAnswersQuestions(String type) throws IOException {
    Typed typed =
        type(type, "put q/1 v\nput q/2 v\ndelete --pattern q/*\ny\nuse 1\nget q/1\nexit\n");
    assertThat(typed.screen()).contains("default> ", "1> ");
    assertThat(typed.ran().out()).isEqualTo("deleted 2 of 2 keys\n");
    assertThat(typed.ran().err()).contains("Delete 2 keys like 'q/*'", "no key 'q/1'");
    assertThat(typed.ran().code()).isZero();
  }

  @Test
  void theHistoryIsKeptForTheOwnerAlone() throws IOException {
    type("ansi", "put h 1\n put secret 2\nexit\n");
    Path history = folder.resolve("distkv").resolve("kvctl_history");
    assertThat(Files.readString(history)).contains("put h 1").doesNotContain("secret");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(history)))
        .isEqualTo("rw-------");
    // Up, and up again over "exit": the line comes back.
    assertThat(type("ansi", "\u001b[A\u001b[A\nget h\nexit\n").ran().out()).isEqualTo("1");
  }

  @Test
  void tabCompletesCommandsOptionsAndKeyspaces() throws IOException {
    assertThat(run("keyspace", "create", "completed").code()).isZero();
    Typed typed = type("ansi", "sta\t\nkeysp\tdescr\tcompl\t\nuse compl\t\nscan --cou\t\nexit\n");
    assertThat(typed.ran().err()).isEmpty();
    assertThat(typed.ran().out()).contains("uptime", "keyspace      completed\n").endsWith("0\n");
    assertThat(typed.screen()).contains("completed> ");
  }
}
