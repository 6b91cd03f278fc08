package io.distkv.kvctl;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A command line that was run in this process: how it ended and what it printed. */
public record Ran(int code, String outLatin1, String err) {
  /** Where and with what a command runs. */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  public record Setting(byte[] stdin, Shell.Terminals terminals, Map<String, String> environment) {
    public static final Setting PLAIN =
        new Setting(new byte[0], new Shell.Terminals(false, false, false), Map.of());

    public Setting typing(String text) {
      return new Setting(text.getBytes(StandardCharsets.UTF_8), terminals, environment);
    }

    public Setting piping(byte[] bytes) {
      return new Setting(bytes, terminals, environment);
    }

    public Setting onTerminals() {
      return new Setting(stdin, new Shell.Terminals(true, true, true), environment);
    }

    public Setting with(String variable, String value) {
      return new Setting(stdin, terminals, Map.of(variable, value));
    }

    public Ran run(String... arguments) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      Shell shell =
          new Shell(new ByteArrayInputStream(stdin), out, err, terminals, environment::get);
      int code = Kvctl.run(shell, arguments);
      return new Ran(
          code, out.toString(StandardCharsets.ISO_8859_1), err.toString(StandardCharsets.UTF_8));
    }
  }

  /** Runs a command with no input and no terminal. */
  public static Ran kvctl(String... arguments) {
    return Setting.PLAIN.run(arguments);
  }

  /** The standard output, byte for byte. */
  public byte[] bytes() {
    return outLatin1.getBytes(StandardCharsets.ISO_8859_1);
  }

  public String out() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  /** The standard output as one JSON value. */
  public JsonNode json() {
    return JsonMapper.shared().readTree(out());
  }
}
