package io.distkv.kvctl.transfer;

/**
 * Takes the pieces of an import to the node and settles them in the ledger. Entries take effect in
 * the order of the input as far as that can be told: of two for one key, the later wins.
 */
interface EntrySink extends AutoCloseable {
  /** Takes up a piece; returns when it is under way or settled. */
  void accept(Piece piece);

  /** Waits until all that was accepted is decided. */
  void finish();

  @Override
  void close();
}
