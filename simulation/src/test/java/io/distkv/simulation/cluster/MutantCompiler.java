package io.distkv.simulation.cluster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles a mutant in memory, against the class path of the tests. */
final class MutantCompiler {
  private MutantCompiler() {}

  /** The bytes of a class and of those nested in it, by name. */
  static Map<String, byte[]> compile(Mutant mutant) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter complaints = new StringWriter();
    try (Output output = new Output(compiler.getStandardFileManager(null, null, null))) {
      List<String> options =
          List.of(
              "-proc:none",
              "-implicit:none",
              "-nowarn",
              "-classpath",
              System.getProperty("java.class.path"));
      Source source = new Source(mutant);
      if (!compiler.getTask(complaints, output, null, options, null, List.of(source)).call()) {
        throw new AssertionError(mutant.file() + " with the defect: " + complaints);
      }
      return output.bytes();
    }
  }

  private static URI uri(String className, JavaFileObject.Kind kind) {
    return URI.create("memory:///" + className.replace('.', '/') + kind.extension);
  }

  /** The changed source. */
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(Mutant mutant) throws IOException {
      super(uri(mutant.className(), Kind.SOURCE), Kind.SOURCE);
      text = mutant.source();
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** A class that was compiled. */
  private static final class Target extends SimpleJavaFileObject {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Target(String className) {
      super(uri(className, Kind.CLASS), Kind.CLASS);
    }

    @Override
    public OutputStream openOutputStream() {
      return bytes;
    }
  }

  /** Keeps the classes that are compiled. */
  private static final class Output extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, Target> targets = new HashMap<>();

    Output(JavaFileManager files) {
      super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return targets.computeIfAbsent(className, Target::new);
    }

    Map<String, byte[]> bytes() {
      Map<String, byte[]> bytes = new HashMap<>();
      targets.forEach((name, target) -> bytes.put(name, target.bytes.toByteArray()));
      return bytes;
    }
  }
}
