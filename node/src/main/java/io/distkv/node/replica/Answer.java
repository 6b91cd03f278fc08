package io.distkv.node.replica;

/** Who waits for the outcome of a {@link Call}. */
public interface Answer {

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
}
