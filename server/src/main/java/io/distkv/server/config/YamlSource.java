package io.distkv.server.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads {@code distkv.yaml} into settings that still know their line. Sections nest or are written
 * with dots, as the reader likes. The entries of the list {@code keyspaces} become {@code
 * keyspaces.NAME.setting}.
 */
final class YamlSource {
  private static final String KEYSPACES = "keyspaces";
  private static final int MOST_DEPTH = 50;

  private final String file;
  private final List<RawSetting> found = new ArrayList<>();
  private final List<String> problems;
  private final Set<String> seen = new HashSet<>();

  private YamlSource(String file, List<String> problems) {
    this.file = file;
    this.problems = problems;
  }

  /** Everything that a file sets; what cannot be understood is added to {@code problems}. */
  static List<RawSetting> read(Path path, List<String> problems) {
    try {
      return read(path.toString(), Files.readString(path), problems);
    } catch (NoSuchFileException e) {
      problems.add(path + ": there is no such file");
      return List.of();
    } catch (CharacterCodingException e) {
      problems.add(path + ": not a text in UTF-8");
      return List.of();
    } catch (IOException e) {
      problems.add(path + ": cannot be read: " + e.getMessage());
      return List.of();
    }
  }

  static List<RawSetting> read(String file, String text, List<String> problems) {
    YamlSource source = new YamlSource(file, problems);
    try {
      Node root = compose(file, text, problems);
      if (root != null) {
        source.section("", root);
      }
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      problems.add(file + ":" + line + ": not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      problems.add(file + ": not YAML: " + firstLine(e));
    }
    return source.found;
  }

  /** The document; null if it is empty or a problem. */
  private static @Nullable Node compose(String file, String text, List<String> problems) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setUseMarks(true)
            .setAllowDuplicateKeys(true)
            .setMaxAliasesForCollections(0)
            .build();
    try {
      requireShallow(settings, text);
      return new Compose(settings).composeString(text).orElse(null);
    } catch (NumberFormatException e) {
      // What the parser lets out of an escape such as \x without its digits.
      problems.add(file + ": not YAML: an escape sequence lacks its digits");
      return null;
    } catch (IllegalArgumentException e) {
      // And of a tag such as !%a, whose own escape lacks its digits.
      problems.add(file + ": not YAML: " + firstLine(e));
      return null;
    }
  }

  /** Nodes are put together recursively, events are not: what is too deep is told by these. */
  private static void requireShallow(LoadSettings settings, String text) {
    int depth = 0;
    for (Event event : new Parse(settings).parseString(text)) {
      if (event instanceof CollectionStartEvent) {
        depth++;
      } else if (event instanceof CollectionEndEvent) {
        depth--;
      }
      if (depth > MOST_DEPTH) {
        throw new YamlEngineException("nested more than " + MOST_DEPTH + " deep");
      }
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private void section(String prefix, Node node) {
    switch (node) {
      case MappingNode mapping -> {
        for (NodeTuple entry : mapping.getValue()) {
          entry(prefix, entry);
        }
      }
      case ScalarNode scalar when prefix.isEmpty() && scalar.getValue().isEmpty() -> {}
      case ScalarNode scalar -> add(prefix, scalar.getValue(), scalar);
      case SequenceNode list when prefix.equals(KEYSPACES) -> {
        for (Node keyspace : list.getValue()) {
          keyspace(keyspace);
        }
      }
      case SequenceNode list when list.getValue().stream().allMatch(ScalarNode.class::isInstance) ->
          add(
              prefix,
              list.getValue().stream()
                  .map(element -> ((ScalarNode) element).getValue())
                  .collect(Collectors.joining(", ", "[", "]")),
              list);
      default -> problems.add(where(node) + ": " + prefix + ": neither a value nor a section");
    }
  }

  private void entry(String prefix, NodeTuple entry) {
    if (entry.getKeyNode() instanceof ScalarNode key) {
      section(
          prefix.isEmpty() ? key.getValue() : prefix + "." + key.getValue(), entry.getValueNode());
    } else {
      problems.add(where(entry.getKeyNode()) + ": the name of a setting must be plain text");
    }
  }

  private void keyspace(Node node) {
    if (node instanceof MappingNode mapping) {
      for (NodeTuple entry : mapping.getValue()) {
        if (entry.getKeyNode() instanceof ScalarNode key
            && key.getValue().equals("name")
            && entry.getValueNode() instanceof ScalarNode name) {
          section(KEYSPACES + "." + name.getValue(), mapping);
          return;
        }
      }
    }
    problems.add(
        where(node)
            + ": keyspaces: an entry needs a name; allowed: "
            + KeyspaceSettings.NAME.type().allowed());
  }

  private void add(String name, String text, Node node) {
    if (seen.add(name)) {
      found.add(new RawSetting(name, text, where(node)));
    } else {
      problems.add(where(node) + ": " + name + ": set twice in this file; allowed: once");
    }
  }

  private String where(Node node) {
    return file + ":" + node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }
}
