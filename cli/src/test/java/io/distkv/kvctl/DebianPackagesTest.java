package io.distkv.kvctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The script that makes Debian's package list into JSONL, and checks a server against it. */
final class DebianPackagesTest {
  private static final Path SCRIPT = Path.of("..", "scripts", "debian-packages");

  private static final String STANZAS =
      """
      Package: zsh
      Version: 5.9
      Description: shell with lots of features
       Zsh is "a" shell.\\
       .
       Naïve – ünïcode 😀.
      Empty:

      Package: alpha
      Version: 2:1.0
      Tag: a::b, c,
       d


      Package: zsh
      Version: 5.8
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private int run(Path input, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectInput(input.toFile())
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start()
        .waitFor();
  }

  private Path convert(byte[] stanzas) throws IOException, InterruptedException {
    Path input = Files.write(folder.resolve("stanzas"), stanzas);
    assertThat(run(input, "to-jsonl")).as(Files.readString(folder.resolve("err"))).isZero();
    return Files.move(folder.resolve("out"), folder.resolve("packages.jsonl"));
  }

  @Test
  void everyFieldOfEveryVersionIsKept() throws Exception {
    Path jsonl = convert(STANZAS.getBytes(StandardCharsets.UTF_8));
    List<String> lines = Files.readAllLines(jsonl);
    assertThat(lines).hasSize(2);
    JsonNode first = JsonMapper.shared().readTree(lines.getFirst());
    assertThat(first.get("key").asString()).isEqualTo("package/alpha");
    JsonNode zsh =
        JsonMapper.shared()
            .readTree(JsonMapper.shared().readTree(lines.getLast()).get("value").asString());
    assertThat(zsh).hasSize(2);
    assertThat(zsh.get(1).get("Version").asString()).isEqualTo("5.8");
    assertThat(zsh.get(0).get("Empty").asString()).isEmpty();
    assertThat(zsh.get(0).get("Description").asString())
        .isEqualTo("shell with lots of features\n Zsh is \"a\" shell.\\\n .\n Naïve – ünïcode 😀.");
  }

  @Test
  void aStanzaThatIsNotUtf8IsTakenForLatin1AndOneThatIsNoneIsRefused() throws Exception {
    Path jsonl = convert("Package: a\nMaintainer: J\u00f6\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(Files.readString(jsonl)).contains("Jö");
    assertThat(Files.readString(folder.resolve("err"))).contains("1 stanzas were not UTF-8");
    Path broken = Files.writeString(folder.resolve("broken"), "Package: a\nno field\n");
    assertThat(run(broken, "to-jsonl")).isEqualTo(6);
    assertThat(Files.readString(folder.resolve("err"))).contains("no field");
  }

  @Test
  void theCheckFindsWhatIsMissingDifferentOrTooMuch(@TempDir Path data) throws Exception {
    Path jsonl = convert(STANZAS.getBytes(StandardCharsets.UTF_8));
    try (TestNode node = RedisNode.start(data)) {
      assertThat(Ran.kvctl("import", jsonl.toString(), "-a", node.address()).code()).isZero();
      assertThat(run(jsonl, "check", jsonl.toString(), "127.0.0.1:" + node.port()))
          .as(Files.readString(folder.resolve("err")))
          .isZero();
      Ran.kvctl("delete", "package/alpha", "-a", node.address());
      Ran.kvctl("put", "package/zsh", "[]", "-a", node.address());
      Ran.kvctl("put", "package/new", "[]", "-a", node.address());
      assertThat(run(jsonl, "check", jsonl.toString(), "127.0.0.1:" + node.port())).isEqualTo(1);
      assertThat(Files.readString(folder.resolve("err")))
          .contains("missing: package/alpha", "different: package/zsh", "surplus: package/new")
          .contains("2 packages checked", "3 differences");
    }
  }
}
