package io.distkv.simulation.cluster;

import java.util.List;

/** What rot may do to which files of a node. */
public final class RottableFiles {
  private static final int NEW_SEGMENTS = 2;

  private RottableFiles() {}

  static boolean isTable(String path) {
    return path.endsWith(".sst");
  }

  /** Those whose damage, whatever it is, leaves a witness. */
  static List<String> of(List<String> files) {
    return files.stream().filter(file -> !mayHoldLastMark(file, files)).toList();
  }

  /**
   * Whether a file is one of the two newest segments of a journal. What takes the last mark away
   * together with records before it leaves no witness of them: no reader can tell that from a torn
   * tail.
   *
   * @param files of the node, sorted
   */
  public static boolean mayHoldLastMark(String file, List<String> files) {
    String folder = file.substring(0, file.lastIndexOf('/') + 1);
    List<String> segments =
        files.stream().filter(f -> f.startsWith(folder) && f.endsWith(".journal")).toList();
    return segments
        .subList(Math.max(0, segments.size() - NEW_SEGMENTS), segments.size())
        .contains(file);
  }
}
