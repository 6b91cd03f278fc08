package io.distkv.contract;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Operations one after another, in a keyspace of their own, with the answers to them. README.txt
 * beside the files tells how they are written.
 *
 * @param file that has it
 * @param title the line that begins it
 * @param partitions of its keyspace
 * @param historyMillis of its keyspace
 */
record Scenario(String file, String title, int partitions, long historyMillis, List<Step> steps) {
  private static final String FOLDER = "/contract";
  private static final String README = "README.txt";
  private static final long HISTORY_MILLIS = 600_000;

  /** All scenarios of all files, in their order. */
  static List<Scenario> all() throws IOException {
    List<Scenario> all = new ArrayList<>();
    for (Path file : files()) {
      all.addAll(parse(file.getFileName().toString(), Files.readAllLines(file)));
    }
    return all;
  }

  private static List<Path> files() throws IOException {
    URL folder = Scenario.class.getResource(FOLDER);
    if (folder == null) {
      throw new IOException("there is no folder " + FOLDER + " among the resources of the tests");
    }
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      return files
          .filter(file -> file.toString().endsWith(".txt"))
          .filter(file -> !file.endsWith(README))
          .sorted()
          .toList();
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  static List<Scenario> parse(String file, List<String> text) {
    List<Scenario> found = new ArrayList<>();
    Draft draft = null;
    for (int i = 0; i < text.size(); i++) {
      Line line = Line.of(i + 1, text.get(i));
      if (line.words().isEmpty()) {
        continue;
      }
      if (line.words().getFirst().equals("scenario")) {
        if (draft != null) {
          found.add(draft.end());
        }
        draft = new Draft(file, line.text().substring("scenario".length()).strip());
      } else if (draft == null) {
        throw new IllegalArgumentException(file + ":" + line.number() + " is of no scenario");
      } else {
        draft.add(line);
      }
    }
    if (draft != null) {
      found.add(draft.end());
    }
    return found;
  }

  /** A scenario whose lines are being read. */
  private static final class Draft {
    private final String file;
    private final String title;
    private final List<Step> steps = new ArrayList<>();
    private int partitions = 1;
    private long historyMillis = HISTORY_MILLIS;
    private @Nullable Line open;
    private final List<Line> below = new ArrayList<>();

    Draft(String file, String title) {
      this.file = file;
      this.title = title;
    }

    void add(Line line) {
      if (line.indented()) {
        below.add(line);
        return;
      }
      endStep();
      if (line.words().getFirst().equals("with")) {
        Words words = new Words(line.words().subList(1, line.words().size()));
        while (words.hasNext()) {
          switch (words.next()) {
            case "partitions" -> partitions = Integer.parseInt(words.next());
            case "history" -> historyMillis = words.millis();
            default -> throw words.unknown();
          }
        }
      } else {
        open = line;
      }
    }

    private void endStep() {
      if (open != null) {
        steps.add(Step.of(open, List.copyOf(below)));
        open = null;
      }
      below.clear();
    }

    Scenario end() {
      endStep();
      return new Scenario(file, title, partitions, historyMillis, List.copyOf(steps));
    }
  }
}
