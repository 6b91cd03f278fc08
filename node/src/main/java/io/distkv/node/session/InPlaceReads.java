package io.distkv.node.session;

import io.distkv.node.command.CommandSpec;
import io.distkv.node.command.Flag;
import io.distkv.node.command.Prepared;
import io.distkv.node.command.Reply;
import io.distkv.node.hotkeys.SharedSampler;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.replica.Keyspace;
import io.distkv.node.replica.Replica;
import org.jspecify.annotations.Nullable;

/**
 * Reads of threads that are no lanes, over what the replicas have published; for requests that
 * stand for themselves. A thread of its own would else wait for two wake-ups, the lane's and its
 * own, and each takes longer than the read.
 *
 * <p>Every write is published before it is answered, so such a read sees all writes that anybody
 * was told of. No lane's statistics count it.
 *
 * <p>Any thread.
 */
public final class InPlaceReads {
  private final SessionServices services;
  private final SharedSampler keys;

  /**
   * @param keys told of the commands that were served
   */
  public InPlaceReads(SessionServices services, SharedSampler keys) {
    this.services = services;
    this.keys = keys;
  }

  /**
   * Runs a command in this call if it reads keys of one partition as they are now, and memory has
   * all that it asks for.
   *
   * @param keyspace its name, see {@link KeyspaceOptions}
   * @param words the command's name first; not changed by anyone afterwards
   * @return null if it must be brought to a lane, whatever the reason: nothing was done
   */
  public @Nullable Reply tryRead(String keyspace, byte[][] words) {
    Keyspace data = services.keyspaces().now().find(keyspace);
    if (data == null || services.availability().refusal() != null) {
      return null;
    }
    if (!(services.commands().prepare(words) instanceof Prepared.Read read)
        || read.spec().scope() != CommandSpec.Scope.KEYS
        || read.spec().is(Flag.UNBOUNDED)
        || read.ofThePast()
        || services.limits().refusal(read, Session.sizeBytes(words)) != null) {
      return null;
    }
    Replica replica = Router.onlyReplica(data, read);
    Reply reply = replica == null ? null : replica.tryReadInPlace(read);
    if (reply != null) {
      keys.saw(data.name(), read);
    }
    return reply;
  }
}
