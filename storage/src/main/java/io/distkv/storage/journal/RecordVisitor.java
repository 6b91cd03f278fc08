package io.distkv.storage.journal;

/** Is given what a journal holds, in the order in which it was appended. */
public interface RecordVisitor {

  /**
   * One record.
   *
   * @param payload an array of which {@code length} bytes from {@code offset} on are the record's;
   *     valid, and unchanged, only until this method returns
   */
  void record(
      long replica,
      long incarnation,
      RecordKind kind,
      long term,
      long index,
      byte[] payload,
      int offset,
      int length);

  /** Told after every segment how far the reading has come; files count with their full size. */
  default void progress(long doneBytes, long totalBytes) {}
}
