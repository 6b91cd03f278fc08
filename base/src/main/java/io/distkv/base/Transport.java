package io.distkv.base;

/**
 * How a node talks to others: frames of bytes. A frame may be lost, late, doubled, or overtake
 * another; one that arrives is whole, as it was sent, and from whom it says.
 */
public interface Transport {
  /** Of a node that has no others. */
  Transport NONE =
      new Transport() {
        @Override
        public void send(long node, byte[] frame) {}

        @Override
        public void receiver(Receiver receiver) {}
      };

  /**
   * Sends a frame. Never blocks: it is dropped if the node is not known, cannot be reached, or too
   * much waits for it. Any thread.
   *
   * @param node its id
   * @param frame not to be changed afterwards
   */
  void send(long node, byte[] frame);

  /** From here on, what arrives is given to a receiver; what came before is dropped. */
  void receiver(Receiver receiver);

  /** Is given what arrives. */
  @FunctionalInterface
  interface Receiver {

    /**
     * A frame has come. Any thread; must not block.
     *
     * @param node id of the sender
     * @param frame which is the receiver's from here on
     */
    void received(long node, byte[] frame);
  }
}
