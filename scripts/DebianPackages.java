import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Debian's package list as JSONL, and the check that a server holds exactly that.
 *
 * <p>{@code to-jsonl} reads stanzas as {@code apt-cache dumpavail} prints them and writes a line for
 * each package name, in the order of the names:
 *
 * <pre>{"key":"package/bash","value":"[{\"Package\":\"bash\",\"Version\":\"5.2.15-2+b2\", ...}]"}</pre>
 *
 * The value is the text of a JSON array with an object for each stanza of that name (several versions
 * or architectures), in the order of the list; the object has every field of the stanza, in its order,
 * its value exactly as it stands behind the colon and one space, continuation lines with their line
 * ends and indentation included. A stanza that is not UTF-8 is taken for ISO 8859-1, and said so.
 *
 * <p>{@code check} reads such a file and asks a server, over plain RESP, for the value of each key,
 * and for all keys that begin with {@code package/}: missing, different and surplus ones are named and
 * make the exit code 1. It shares no code with kvctl or the server, so that it can be believed.
 */
final class DebianPackages {
  private static final String PREFIX = "package/";
  private static final int BATCH = 500;
  private static final int NAMED_AT_MOST = 20;
  private static final PrintStream ERR = new PrintStream(System.err, true, StandardCharsets.UTF_8);

  public static void main(String[] args) throws IOException {
    int code;
    try {
      code =
          switch (args.length == 0 ? "" : args[0]) {
            case "to-jsonl" -> toJsonLines(System.in, args.length == 1);
            case "check" -> check(args);
            default -> usage();
          };
    } catch (IOException e) {
      ERR.println("debian-packages: " + e);
      code = 6;
    }
    System.exit(code);
  }

  private static int usage() {
    ERR.println(
        """
        usage: apt-cache dumpavail | scripts/debian-packages to-jsonl > packages.jsonl
               scripts/debian-packages check packages.jsonl [HOST:PORT]   (default 127.0.0.1:6379)""");
    return 2;
  }

  // --- from stanzas to JSONL

  private static int toJsonLines(InputStream in, boolean understood) throws IOException {
    if (!understood) {
      return usage();
    }
    Map<String, List<String>> packages = new TreeMap<>();
    long stanzas = 0;
    long latin = 0;
    for (List<byte[]> stanza : stanzas(in.readAllBytes())) {
      boolean utf8 = stanza.stream().allMatch(DebianPackages::isUtf8);
      Map<String, String> fields = fields(stanza, utf8);
      String name = fields.get("Package");
      if (name == null) {
        ERR.println("debian-packages: stanza " + (stanzas + 1) + " names no Package");
        return 1;
      }
      packages.computeIfAbsent(name, _ -> new ArrayList<>()).add(json(fields));
      stanzas++;
      latin += utf8 ? 0 : 1;
    }
    try (OutputStream out = new BufferedOutputStream(System.out, 1 << 16)) {
      for (Map.Entry<String, List<String>> one : packages.entrySet()) {
        String value = "[" + String.join(",", one.getValue()) + "]";
        String line = "{\"key\":" + quote(PREFIX + one.getKey()) + ",\"value\":" + quote(value) + "}\n";
        out.write(line.getBytes(StandardCharsets.UTF_8));
      }
    }
    ERR.printf("%,d stanzas, %,d packages%n", stanzas, packages.size());
    if (latin > 0) {
      ERR.printf("%,d stanzas were not UTF-8 and were taken for ISO 8859-1%n", latin);
    }
    return 0;
  }

  /** The stanzas: runs of lines between empty ones. */
  private static List<List<byte[]>> stanzas(byte[] all) {
    List<List<byte[]>> stanzas = new ArrayList<>();
    List<byte[]> lines = new ArrayList<>();
    for (int start = 0; start < all.length; ) {
      int end = start;
      while (end < all.length && all[end] != '\n') {
        end++;
      }
      if (end > start) {
        lines.add(Arrays.copyOfRange(all, start, end));
      } else if (!lines.isEmpty()) {
        stanzas.add(lines);
        lines = new ArrayList<>();
      }
      start = end + 1;
    }
    if (!lines.isEmpty()) {
      stanzas.add(lines);
    }
    return stanzas;
  }

  private static Map<String, String> fields(List<byte[]> stanza, boolean utf8) throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    String name = null;
    for (byte[] bytes : stanza) {
      String line = new String(bytes, utf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
      if (line.startsWith(" ") || line.startsWith("\t")) {
        if (name == null) {
          throw new IOException("a stanza begins with a continuation: " + line);
        }
        fields.merge(name, "\n" + line, String::concat);
        continue;
      }
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IOException("neither a field nor a continuation: " + line);
      }
      name = line.substring(0, colon);
      int from = line.startsWith(" ", colon + 1) ? colon + 2 : colon + 1;
      if (fields.put(name, line.substring(from)) != null) {
        throw new IOException("the field " + name + " comes twice in a stanza: " + line);
      }
    }
    return fields;
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static String json(Map<String, String> fields) {
    List<String> members = new ArrayList<>();
    fields.forEach((name, value) -> members.add(quote(name) + ":" + quote(value)));
    return "{" + String.join(",", members) + "}";
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 16).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        case '\r' -> quoted.append("\\r");
        default -> {
          if (c < 0x20) {
            quoted.append("\\u%04x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  // --- the check

  private static int check(String[] args) throws IOException {
    if (args.length < 2 || args.length > 3) {
      return usage();
    }
    Map<String, String> expected = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of(args[1]), StandardCharsets.UTF_8)) {
      Line parsed = new Line(line);
      expected.put(parsed.member("key"), parsed.member("value"));
    }
    String address = args.length == 3 ? args[2] : "127.0.0.1:6379";
    int colon = address.lastIndexOf(':');
    long wrong;
    try (Socket socket =
        new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)))) {
      Resp resp = new Resp(socket);
      wrong = compare(resp, expected) + surplus(resp, expected);
    }
    ERR.printf("%,d packages checked at %s, %,d differences%n", expected.size(), address, wrong);
    return wrong == 0 ? 0 : 1;
  }

  private static long compare(Resp resp, Map<String, String> expected) throws IOException {
    long wrong = 0;
    List<String> keys = List.copyOf(expected.keySet());
    for (int from = 0; from < keys.size(); from += BATCH) {
      List<String> batch = keys.subList(from, Math.min(keys.size(), from + BATCH));
      for (String key : batch) {
        resp.send("GET", key);
      }
      resp.flush();
      for (String key : batch) {
        Object reply = resp.read();
        byte[] wanted = expected.get(key).getBytes(StandardCharsets.UTF_8);
        if (!(reply instanceof byte[] value) || !Arrays.equals(value, wanted)) {
          wrong++;
          name(wrong, (reply == null ? "missing: " : "different: ") + key);
        }
      }
    }
    return wrong;
  }

  private static long surplus(Resp resp, Map<String, String> expected) throws IOException {
    long wrong = 0;
    String cursor = "0";
    do {
      resp.send("SCAN", cursor, "MATCH", PREFIX + "*", "COUNT", "1000");
      resp.flush();
      if (!(resp.read() instanceof List<?> reply) || !(reply.get(1) instanceof List<?> keys)) {
        throw new IOException("the reply to SCAN is no cursor with keys");
      }
      cursor = text(reply.get(0));
      for (Object key : keys) {
        if (!expected.containsKey(text(key))) {
          wrong++;
          name(wrong, "surplus: " + text(key));
        }
      }
    } while (!cursor.equals("0"));
    return wrong;
  }

  private static void name(long wrong, String what) {
    if (wrong <= NAMED_AT_MOST) {
      ERR.println(what);
    }
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.UTF_8);
  }

  /** A line of JSONL whose members are strings. */
  private static final class Line {
    private final String text;
    private final Map<String, String> members = new LinkedHashMap<>();
    private int at = 1;

    Line(String text) throws IOException {
      this.text = text;
      while (text.charAt(at) != '}') {
        String name = string();
        at++;
        members.put(name, string());
        if (text.charAt(at) == ',') {
          at++;
        }
      }
    }

    String member(String name) throws IOException {
      String value = members.get(name);
      if (value == null) {
        throw new IOException("no \"" + name + "\" in " + text);
      }
      return value;
    }

    private String string() throws IOException {
      if (text.charAt(at++) != '"') {
        throw new IOException("not of to-jsonl's making: " + text);
      }
      StringBuilder value = new StringBuilder();
      for (char c = text.charAt(at++); c != '"'; c = text.charAt(at++)) {
        if (c != '\\') {
          value.append(c);
          continue;
        }
        char escape = text.charAt(at++);
        switch (escape) {
          case 'n' -> value.append('\n');
          case 't' -> value.append('\t');
          case 'r' -> value.append('\r');
          case 'u' -> {
            value.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
            at += 4;
          }
          default -> value.append(escape);
        }
      }
      return value.toString();
    }
  }

  /** As much of RESP as the check needs. */
  private static final class Resp {
    private final InputStream in;
    private final OutputStream out;

    Resp(Socket socket) throws IOException {
      in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
    }

    void send(String... words) throws IOException {
      out.write(("*" + words.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
      for (String word : words) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        out.write(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
        out.write('\r');
        out.write('\n');
      }
    }

    void flush() throws IOException {
      out.flush();
    }

    /** The next reply: bytes, a list, a number as text, or null. */
    Object read() throws IOException {
      String head = line();
      int length = head.charAt(0) == '$' || head.charAt(0) == '*' ? Integer.parseInt(head.substring(1)) : 0;
      switch (head.charAt(0)) {
        case '$' -> {
          if (length < 0) {
            return null;
          }
          byte[] bytes = in.readNBytes(length);
          in.skipNBytes(2);
          return bytes;
        }
        case '*' -> {
          List<Object> list = new ArrayList<>();
          for (int i = 0; i < length; i++) {
            list.add(read());
          }
          return list;
        }
        case '-' -> throw new IOException("the server answered: " + head.substring(1));
        default -> {
          return head.substring(1);
        }
      }
    }

    private String line() throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.read(); b != '\r'; b = in.read()) {
        if (b < 0) {
          throw new IOException("the server closed the connection");
        }
        line.write(b);
      }
      in.read();
      return line.toString(StandardCharsets.UTF_8);
    }
  }
}
