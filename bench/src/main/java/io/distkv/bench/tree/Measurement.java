package io.distkv.bench.tree;

/** The rows of the comparison, in the order they are measured. */
enum Measurement {
  FILL("random fill, puts/s"),
  OVERWRITE("random overwrite, puts/s"),
  FILL_PROCESSOR("processor time per put over both, µs", true),
  SIZE("on disk after compaction, MB", true),
  READ_CACHED("random reads in cache, reads/s"),
  SCAN("scans of 100, scans/s"),
  READ_REOPENED("first 100,000 random reads after reopen, reads/s"),
  PUT_SYNCED("16 writers, each put synced, puts/s");

  private final String title;
  private final boolean lessIsBetter;

  Measurement(String title) {
    this(title, false);
  }

  Measurement(String title, boolean lessIsBetter) {
    this.title = title;
    this.lessIsBetter = lessIsBetter;
  }

  String title() {
    return title;
  }

  /** Whether a ratio under one is the good side; then the table says so. */
  boolean lessIsBetter() {
    return lessIsBetter;
  }
}
