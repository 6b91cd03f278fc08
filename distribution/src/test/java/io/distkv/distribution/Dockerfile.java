package io.distkv.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The description of the image, as its file has it, and a folder that is laid out like the image.
 */
record Dockerfile(List<Instruction> instructions) {

  /** One line of it, continued lines joined. */
  record Instruction(String name, String rest) {}

  static Dockerfile of(Archive archive) throws IOException {
    String joined = archive.text("deploy/docker/Dockerfile").replaceAll("\\\\\n\\s*", " ");
    return new Dockerfile(
        joined
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(line -> line.split(" ", 2))
            .map(words -> new Instruction(words[0], words[1].strip()))
            .toList());
  }

  /** What follows an instruction that is there once. */
  String only(String name) {
    List<Instruction> found =
        instructions.stream().filter(each -> each.name().equals(name)).toList();
    assertThat(found).as(name).hasSize(1);
    return found.getFirst().rest();
  }

  /** The words of an instruction that starts a program, which must name it without a shell. */
  List<String> command(String name) throws IOException {
    String rest = only(name);
    JsonNode words = JsonMapper.shared().readTree(rest.substring(rest.indexOf('[')));
    return Dashboard.list(words).stream().map(JsonNode::asString).toList();
  }

  /** Does what COPY says, from the archive into a folder that stands for the root of the image. */
  void copy(Archive archive, Path root) throws IOException, InterruptedException {
    for (Instruction instruction : instructions) {
      if (instruction.name().equals("COPY")) {
        List<String> words = List.of(instruction.rest().split(" +", -1));
        String target = words.getLast();
        for (String source : words.subList(0, words.size() - 1)) {
          String place = target.endsWith("/") ? target + source : target;
          Path to = root.resolve(place.substring(1));
          Files.createDirectories(to.getParent());
          Outside.run(root, "cp", "-a", archive.file(source).toString(), to.toString()).well();
        }
      }
    }
  }

  /** A word of a command, with what is absolute in the image moved into its folder. */
  static List<String> within(Path root, List<String> words) {
    List<String> moved = new ArrayList<>();
    for (String word : words) {
      moved.add(word.startsWith("/") ? root + word : word);
    }
    return moved;
  }

  /** Every file below a folder, with its size and time. */
  static List<String> listing(Path folder) throws IOException {
    List<String> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted().toList()) {
        all.add(file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file));
      }
    }
    return all;
  }
}
