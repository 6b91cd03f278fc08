package io.distkv.node.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of a command after its name, described in one line from which both the documentation
 * and the argument trees of COMMAND DOCS are made:
 *
 * <pre>
 *   key                     an argument; its type follows from its name, or is said: value:integer
 *   EX seconds              a fixed word before an argument
 *   GET                     a fixed word alone
 *   [NX|XX]                 optional; a choice where there are bars
 *   (key value)             several arguments as one
 *   ...                     after any of these: any number of times
 *   (ON|OFF)                a choice that must be made
 *   name=                   before a bracket: what to call it
 * </pre>
 */
final class Syntax {
  private static final String UNNAMED = "group";
  private static final Pattern PIECE =
      Pattern.compile("\\s*(?:([a-z_-]+)=)?(?:([\\[\\]()|])|([A-Za-z0-9_/:-]+))(\\.\\.\\.)?");

  /**
   * One argument, or a choice or block of several.
   *
   * @param type as COMMAND DOCS calls it: {@code key}, {@code oneof}, {@code pure-token}...
   * @param token the fixed word, or empty
   * @param nested of a choice or block
   */
  record Argument(
      String name,
      String type,
      String token,
      boolean optional,
      boolean multiple,
      List<Argument> nested) {

    private Argument optionally() {
      return new Argument(name, type, token, true, multiple, nested);
    }

    private Argument after(String word) {
      return new Argument(name, type, word, optional, multiple, nested);
    }

    private Argument repeatedly() {
      return new Argument(name, type, token, optional, true, nested);
    }
  }

  private final String text;
  private final Matcher matcher;
  private int at;

  private Syntax(String text) {
    this.text = text;
    matcher = PIECE.matcher(text);
  }

  /** The arguments that a line describes. */
  static List<Argument> parse(String line) {
    Syntax syntax = new Syntax(line);
    List<List<Argument>> alternatives = syntax.alternatives();
    if (syntax.at != line.length() || alternatives.size() != 1) {
      throw new IllegalArgumentException("syntax at " + syntax.at + ": " + line);
    }
    return alternatives.getFirst();
  }

  /** Reads up to a closing bracket, which it leaves, or to the end. */
  private List<List<Argument>> alternatives() {
    List<List<Argument>> alternatives = new ArrayList<>();
    List<Argument> current = new ArrayList<>();
    alternatives.add(current);
    while (at < text.length()) {
      piece();
      String bracket = matcher.group(2);
      if ("]".equals(bracket) || ")".equals(bracket)) {
        break;
      }
      at = matcher.end();
      if ("|".equals(bracket)) {
        current = new ArrayList<>();
        alternatives.add(current);
      } else {
        current.add(bracket == null ? word() : group(bracket.equals("[")));
      }
    }
    return alternatives;
  }

  private void piece() {
    if (!matcher.find(at) || matcher.start() != at) {
      throw new IllegalArgumentException("syntax at " + at + ": " + text);
    }
  }

  private Argument word() {
    String word = matcher.group(3);
    boolean repeated = matcher.group(4) != null;
    if (!isToken(word)) {
      return argument(word, "", repeated);
    }
    if (!repeated && at < text.length()) {
      piece();
      String next = matcher.group(3);
      if (next != null && matcher.group(1) == null && !isToken(next)) {
        at = matcher.end();
        return argument(next, word, matcher.group(4) != null);
      }
      if ("(".equals(matcher.group(2))) {
        at = matcher.end();
        return group(false).after(word);
      }
    }
    return new Argument(
        word.toLowerCase(Locale.ROOT), "pure-token", word, false, repeated, List.of());
  }

  private static boolean isToken(String word) {
    return word.equals(word.toUpperCase(Locale.ROOT));
  }

  private static Argument argument(String word, String token, boolean repeated) {
    int colon = word.lastIndexOf(':');
    String name = colon < 0 ? word : word.substring(0, colon);
    String type = colon < 0 ? typeOf(name) : word.substring(colon + 1);
    return new Argument(name, type, token, false, repeated, List.of());
  }

  private static String typeOf(String name) {
    return switch (name) {
      case "key", "key1", "key2", "newkey", "destkey", "source", "destination" -> "key";
      case "pattern" -> "pattern";
      case "unix-time-seconds", "unix-time-milliseconds" -> "unix-time";
      case "seconds",
          "milliseconds",
          "start",
          "end",
          "offset",
          "bit",
          "increment",
          "decrement",
          "count",
          "len",
          "destination-db",
          "client-id",
          "protover" ->
          "integer";
      default -> "string";
    };
  }

  private Argument group(boolean optional) {
    String name = matcher.group(1) == null ? UNNAMED : matcher.group(1);
    List<Argument> members = new ArrayList<>();
    List<List<Argument>> alternatives = alternatives();
    if (at == text.length() || !(optional ? "]" : ")").equals(matcher.group(2))) {
      throw new IllegalArgumentException("bracket not closed at " + at + ": " + text);
    }
    for (List<Argument> alternative : alternatives) {
      members.add(
          alternative.size() == 1
              ? alternative.getFirst()
              : new Argument(name, "block", "", false, false, alternative));
    }
    boolean choice = members.size() > 1;
    boolean namedBlock = !choice && !optional && !name.equals(UNNAMED);
    Argument result =
        choice || namedBlock
            ? new Argument(name, choice ? "oneof" : "block", "", false, false, unblocked(members))
            : members.getFirst();
    boolean repeated = matcher.group(4) != null;
    at = matcher.end();
    Argument counted = repeated ? result.repeatedly() : result;
    return optional ? counted.optionally() : counted;
  }

  /** A block whose only member is a block is that block. */
  private static List<Argument> unblocked(List<Argument> members) {
    boolean nested = members.size() == 1 && members.getFirst().type.equals("block");
    return nested ? members.getFirst().nested : members;
  }

  /** How people read it: names without types, and repetitions written out. */
  static String readable(String line) {
    StringBuilder readable = new StringBuilder();
    for (Argument argument : parse(line)) {
      readable.append(readable.isEmpty() ? "" : " ").append(readable(argument));
    }
    return readable.toString();
  }

  private static String readable(Argument argument) {
    String once = once(argument);
    if (argument.multiple
        && argument.type.equals("block")
        && argument.nested.stream().allMatch(Argument::optional)) {
      return once + " ...";
    }
    if (argument.optional) {
      return argument.multiple ? "[" + once + " ...]" : "[" + once + "]";
    }
    return argument.multiple ? once + " [" + once + " ...]" : once;
  }

  private static String once(Argument argument) {
    if (argument.type.equals("pure-token")) {
      return argument.token;
    }
    String prefix = argument.token.isEmpty() ? "" : argument.token + " ";
    if (argument.nested.isEmpty()) {
      return prefix + argument.name;
    }
    boolean choice = argument.type.equals("oneof");
    String members =
        String.join(choice ? " | " : " ", argument.nested.stream().map(Syntax::readable).toList());
    return prefix + (choice && !argument.optional ? "<" + members + ">" : members);
  }
}
