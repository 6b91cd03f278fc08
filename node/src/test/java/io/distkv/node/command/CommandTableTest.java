package io.distkv.node.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.CommandSpec.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CommandTableTest {
  private static final Path PAGE = Path.of("../docs/commands.md");

  private final CommandTable table = CommandTable.standard();

  private Stream<CommandSpec> all() {
    return table.commands().stream()
        .flatMap(spec -> Stream.concat(Stream.of(spec), spec.subcommands().stream()));
  }

  /** Run with {@code -Ddistkv.rewrite=true} to write the page anew. */
  @Test
  void thePageSaysWhatTheTableSays() throws IOException {
    if (Boolean.getBoolean("distkv.rewrite")) {
      Files.writeString(PAGE, CommandsPage.markdown(table));
    }
    assertThat(Files.readString(PAGE)).isEqualTo(CommandsPage.markdown(table));
  }

  @Test
  void everyCommandIsDescribed() {
    Set<String> names = new TreeSet<>();
    all()
        .forEach(spec -> {
          assertThat(names.add(spec.name())).as(spec.name()).isTrue();
          assertThat(spec.docs().summary()).as(spec.name()).isNotEmpty();
          assertThat(spec.docs().since()).as(spec.name()).matches("\\d+\\.\\d+\\.\\d+");
          assertThat(spec.docs().complexity()).as(spec.name()).isNotEmpty();
          assertThat(spec.is(Flag.WRITE) && spec.is(Flag.READONLY)).isFalse();
          assertThat(spec.scope() == Scope.KEYS)
              .as(spec.name())
              .isEqualTo(!spec.keySpecs().isEmpty());
        });
    assertThat(table.commands()).hasSize(77);
  }

  @Test
  void findsCommandsInAnyCaseAndNoOthers() {
    for (CommandSpec spec : table.commands()) {
      assertThat(table.find(ascii(spec.name()))).isSameAs(spec);
      assertThat(table.find(ascii(Bytes.upper(spec.name())))).isSameAs(spec);
      assertThat(table.find(ascii(spec.name() + "x"))).isNull();
    }
    assertThat(table.find(new byte[0])).isNull();
    // Not a letter, although it differs from one in the bit that tells the cases apart.
    assertThat(table.find(ascii("\007et"))).isNull();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private Prepared prepare(String... words) {
    return table.prepare(Handlers.words(words).toArray(byte[][]::new));
  }

  @Test
  void tellsKeys() {
    Prepared.Ready mset = (Prepared.Ready) prepare("mset", "a", "1", "b", "2");
    assertThat(mset.keyCount()).isEqualTo(2);
    assertThat(mset.key(1)).isEqualTo(ascii("b"));
    Prepared.Ready bitop = (Prepared.Ready) prepare("bitop", "and", "d", "a", "b");
    assertThat(bitop.keyCount()).isEqualTo(3);
    assertThat(bitop.key(0)).isEqualTo(ascii("d"));
    assertThat(((Prepared.Ready) prepare("ping")).keyCount()).isZero();
    assertThat(((Prepared.Ready) prepare("object", "encoding", "k")).key(0)).isEqualTo(ascii("k"));
  }

  @Test
  void onlyWhatIsNoCommandBreaksATransaction() {
    assertThat(breaks("nope")).isTrue();
    assertThat(breaks("get")).isTrue();
    assertThat(breaks("client", "nope")).isTrue();
    assertThat(breaks("client")).isTrue();
    assertThat(breaks("set", "a", "b", "nope")).isFalse();
    assertThat(breaks("incrby", "a", "x")).isFalse();
  }

  private boolean breaks(String... words) {
    return ((Prepared.Refused) prepare(words)).breaksTransaction();
  }

  @Test
  void errorLinesAreOneLineWithAPrefix() {
    assertThat(((Prepared.Refused) prepare("a\r\nb", "c\nd")).error().line())
        .isEqualTo("ERR unknown command 'a  b', with args beginning with: 'c d' ");
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(Errors.of(code, "x\r\ny").line()).matches("[A-Z]+ x {2}y");
    }
  }

  @Test
  void nothingAsUnboundedAsAllKeysRunsOnALane() {
    all()
        .filter(spec -> spec.scope() == Scope.KEYSPACE && !spec.is(Flag.WRITE))
        .forEach(spec -> assertThat(spec.is(Flag.UNBOUNDED)).as(spec.name()).isTrue());
  }

  @Test
  void syntaxIsReadable() {
    assertThat(Syntax.readable("key value condition=[NX|XX] [GET] [EX seconds|PX milliseconds]"))
        .isEqualTo("key value [NX | XX] [GET] [EX seconds | PX milliseconds]");
    assertThat(Syntax.readable("key_value=(key value)...")).isEqualTo("key value [key value ...]");
    assertThat(Syntax.readable("mode=(ON|OFF) [name:integer...]"))
        .isEqualTo("<ON | OFF> [name ...]");
    assertThat(Syntax.readable("")).isEmpty();
    for (String wrong : List.of("[a", "a]", "(a|b", "a|b", "(a]", "§")) {
      assertThatThrownBy(() -> Syntax.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
