package io.distkv.server.trace;

import io.distkv.node.command.CommandSpec;
import io.distkv.node.replica.ReplicaIdentity;
import io.distkv.node.session.Passage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a trace tells of one command's way. Neither keys nor values are part of it: traces go
 * elsewhere, and what waits to be sent must not hold values.
 *
 * @param command null if it was refused for its words
 * @param keyspace null if it reached no replica
 * @param partition -1 if it reached no replica
 * @param client {@code host:port}; empty if it is not known
 * @param parts of its way, in order
 */
record TracedCommand(
    @Nullable String command,
    @Nullable String keyspace,
    int partition,
    String client,
    int keys,
    long requestBytes,
    List<Passage.Part> parts,
    long beginNanos,
    long endNanos) {

  TracedCommand {
    parts = List.copyOf(parts);
  }

  static TracedCommand of(Passage passage) {
    CommandSpec spec = passage.spec();
    ReplicaIdentity replica = passage.replica();
    return new TracedCommand(
        spec == null ? null : spec.name(),
        replica == null ? null : replica.keyspace().options().name(),
        replica == null ? -1 : replica.partition(),
        passage.client().address(),
        passage.keys(),
        passage.requestBytes(),
        passage.parts(),
        passage.beginNanos(),
        passage.endNanos());
  }
}
