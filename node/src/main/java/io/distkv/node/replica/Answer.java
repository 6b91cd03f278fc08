package io.distkv.node.replica;

/** Who waits for the outcome of a {@link Call}. */
public interface Answer {
  /** Nobody waits, and the call is to be done all the same. */
  Answer UNHEARD =
      new Answer() {
        @Override
        public void answered(Call call) {}

        @Override
        public boolean abandoned() {
          return false;
        }
      };

  /**
   * The call is done and carries its outcome. On the home lane of the call's conversation, once per
   * call.
   */
  void answered(Call call);

  /**
   * Whether nobody waits any more, so that work not yet begun may be left out. Any thread; may lag
   * behind.
   */
  boolean abandoned();

  /**
   * Whether somebody follows the request on its way, and wants the times of its stages as they are
   * and not as of the lanes' turns. Any thread.
   */
  default boolean followed() {
    return false;
  }
}
