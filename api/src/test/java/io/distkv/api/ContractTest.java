package io.distkv.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.distkv.api.v1.ErrorProto;
import io.distkv.api.v1.KeyValueProto;
import io.distkv.api.v1.KeyspacesProto;
import io.distkv.api.v1.NodesProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the public contract to what was published. The file {@code contract/distkv.v1.txt} has a
 * line for every field, enum value and method that there has ever been: what a client of any
 * earlier version says and hears must mean the same for ever.
 *
 * <p>Something that is taken out leaves its number and its name reserved; its line stays. Something
 * new is added to the file by running with {@code -Ddistkv.rewrite=true}, which never takes a line
 * out.
 */
class ContractTest {
  private static final Path PUBLISHED = Path.of("contract/distkv.v1.txt");
  private static final Path SOURCES = Path.of("src/main/proto/distkv/v1");
  private static final List<FileDescriptor> FILES =
      List.of(
          ErrorProto.getDescriptor(),
          KeyspacesProto.getDescriptor(),
          KeyValueProto.getDescriptor(),
          NodesProto.getDescriptor());

  private final Set<String> lines = new TreeSet<>();
  private final Set<String> reserved = new TreeSet<>();

  @Test
  void whatWasPublishedHolds() throws IOException {
    FILES.forEach(this::describe);
    List<String> published =
        Files.exists(PUBLISHED) ? Files.readAllLines(PUBLISHED) : new ArrayList<>();
    List<String> broken =
        published.stream().filter(line -> !lines.contains(line) && !isReserved(line)).toList();
    assertThat(broken).as("changed or taken out without reserving number and name").isEmpty();
    Set<String> all = new TreeSet<>(published);
    all.addAll(lines);
    if (Boolean.getBoolean("distkv.rewrite")) {
      Files.write(PUBLISHED, all);
    }
    assertThat(Files.readAllLines(PUBLISHED)).as("new, not published yet").containsAll(all);
  }

  @Test
  void everyFileIsHeldToIt() throws IOException {
    try (Stream<Path> sources = Files.list(SOURCES)) {
      assertThat(sources.map(file -> "distkv/v1/" + file.getFileName()))
          .containsExactlyInAnyOrderElementsOf(
              FILES.stream().map(FileDescriptor::getName).toList());
    }
  }

  @Test
  void aChangeOfWhatWasPublishedIsSeen() {
    FILES.forEach(this::describe);
    assertThat(lines).contains("field distkv.v1.GetRequest.key = 2 bytes json key");
    assertThat(isReserved("field distkv.v1.GetRequest.key = 2 bytes json key")).isFalse();
    reserved.add("distkv.v1.GetRequest 2");
    assertThat(isReserved("field distkv.v1.GetRequest.key = 2 bytes json key")).isFalse();
    reserved.add("distkv.v1.GetRequest key");
    assertThat(isReserved("field distkv.v1.GetRequest.key = 2 bytes json key")).isTrue();
    assertThat(isReserved("method distkv.v1.KeyValue.Get")).isFalse();
  }

  /** Each message, field, value and method has a comment right before it. */
  @Test
  void everythingIsDescribed() throws IOException {
    Pattern thing =
        Pattern.compile(
            "\\s*(message|enum|service|rpc) .*|\\s*(optional |repeated )?[\\w. ]+ = \\d+;");
    // What a request or response is, its method says.
    Pattern ofMethod = Pattern.compile("message \\w+(Request|Response) \\{\\}?");
    List<String> bare = new ArrayList<>();
    try (Stream<Path> sources = Files.list(SOURCES)) {
      for (Path source : sources.toList()) {
        String before = "";
        for (String line : Files.readAllLines(source)) {
          if (thing.matcher(line).matches()
              && !ofMethod.matcher(line).matches()
              && !before.strip().startsWith("//")) {
            bare.add(line.strip());
          }
          before = line;
        }
      }
    }
    assertThat(bare).isEmpty();
  }

  private void describe(FileDescriptor file) {
    file.getMessageTypes().forEach(this::describe);
    file.getEnumTypes().forEach(this::describe);
    file.getServices().forEach(this::describe);
  }

  private void describe(ServiceDescriptor service) {
    for (MethodDescriptor method : service.getMethods()) {
      lines.add(
          "method %s: %s%s -> %s%s"
              .formatted(
                  method.getFullName(),
                  method.isClientStreaming() ? "stream " : "",
                  method.getInputType().getFullName(),
                  method.isServerStreaming() ? "stream " : "",
                  method.getOutputType().getFullName()));
    }
  }

  private void describe(EnumDescriptor type) {
    for (EnumValueDescriptor value : type.getValues()) {
      lines.add(
          "value %s.%s = %d".formatted(type.getFullName(), value.getName(), value.getNumber()));
    }
    EnumDescriptorProto proto = type.toProto();
    proto.getReservedNameList().forEach(name -> reserved.add(type.getFullName() + " " + name));
    proto
        .getReservedRangeList()
        .forEach(range -> reserve(type.getFullName(), range.getStart(), range.getEnd() + 1));
  }

  private void describe(Descriptor message) {
    for (FieldDescriptor field : message.getFields()) {
      lines.add(
          "field %s.%s = %d %s%s json %s%s"
              .formatted(
                  message.getFullName(),
                  field.getName(),
                  field.getNumber(),
                  field.isRepeated() ? "repeated " : "",
                  type(field),
                  field.getJsonName(),
                  field.getRealContainingOneof() == null
                      ? ""
                      : " in " + field.getRealContainingOneof().getName()));
    }
    message.getNestedTypes().forEach(this::describe);
    message.getEnumTypes().forEach(this::describe);
    DescriptorProto proto = message.toProto();
    proto.getReservedNameList().forEach(name -> reserved.add(message.getFullName() + " " + name));
    proto
        .getReservedRangeList()
        .forEach(range -> reserve(message.getFullName(), range.getStart(), range.getEnd()));
  }

  private static String type(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case MESSAGE -> field.getMessageType().getFullName();
      case ENUM -> field.getEnumType().getFullName();
      default ->
          (field.toProto().getProto3Optional() ? "optional " : "")
              + field.getType().name().toLowerCase(Locale.ROOT);
    };
  }

  private void reserve(String owner, int from, int behind) {
    for (int number = from; number < behind; number++) {
      reserved.add(owner + " " + number);
    }
  }

  /** Whether a published line is of a field or value whose number and name are both reserved. */
  private boolean isReserved(String line) {
    Matcher parts = Pattern.compile("(?:field|value) (.*)\\.(\\w+) = (\\d+).*").matcher(line);
    return parts.matches()
        && reserved.contains(parts.group(1) + " " + parts.group(2))
        && reserved.contains(parts.group(1) + " " + parts.group(3));
  }
}
