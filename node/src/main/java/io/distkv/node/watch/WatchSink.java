package io.distkv.node.watch;

import io.distkv.node.command.Reply;
import java.util.List;

/** Takes what a watch finds. Called on its home lane; of its end, perhaps while it is begun. */
public interface WatchSink {

  /**
   * The next changes. No more come until {@link Watch#pull}.
   *
   * @param blocks in the order of version and key; perhaps none, and together no more than 1,000
   *     changes and 1 MiB unless a single one is larger. The same for all who are told the same
   * @param through the version up to which everything has been told, with these; where a watch that
   *     ends here can go on. Below the version of the last change if there are more of that one
   */
  void changes(List<ChangeBlock> blocks, long through);

  /**
   * There will be no more.
   *
   * @param through where another watch can go on, if what was told so far is heeded
   */
  void ended(Reply.Failure why, long through);
}
