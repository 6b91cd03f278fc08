package io.distkv.simulation.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A defect of the product, made on purpose: a source file with one text in it replaced.
 *
 * @param name what is wrong
 * @param caughtBy how the message of its violation begins
 * @param firstSeed from which on seeds are tried
 * @param file of the main sources, from the root of the project
 * @param text that occurs in it exactly once
 * @param replacement in its place
 */
record Mutant(
    String name, String caughtBy, long firstSeed, String file, String text, String replacement) {
  private static final Path ROOT = Path.of("..");
  private static final String SOURCES = "/src/main/java/";

  @Override
  public String toString() {
    return name;
  }

  /** The class that the file is named after. */
  String className() {
    int from = file.indexOf(SOURCES) + SOURCES.length();
    return file.substring(from, file.length() - ".java".length()).replace('/', '.');
  }

  /**
   * The source with the defect.
   *
   * @throws AssertionError if the text is not there once: then the mutant must follow the source
   */
  String source() throws IOException {
    String source = Files.readString(ROOT.resolve(file));
    int at = source.indexOf(text);
    if (at < 0 || source.indexOf(text, at + 1) >= 0) {
      throw new AssertionError("%s does not have exactly once the text%n%s".formatted(file, text));
    }
    return source.substring(0, at) + replacement + source.substring(at + text.length());
  }
}
