package io.distkv.node.session;

import io.distkv.base.Clock;
import io.distkv.base.Workers;
import io.distkv.node.command.CommandTable;
import io.distkv.node.replica.ReplicaEnvironment.Faults;
import io.distkv.node.replica.ServedKeyspaces;
import java.util.function.LongSupplier;

/**
 * What all sessions of a node share.
 *
 * @param reads where reads over many replicas run
 * @param limits of requests
 * @param deadlineNanos after which a request is answered with a timeout
 * @param admittedWaitNanos see {@link Admission}
 * @param diskSyncNanos how long the disk's latest sync took; any thread
 */
public record SessionServices(
    CommandTable commands,
    ServedKeyspaces keyspaces,
    Clock clock,
    Workers reads,
    Faults faults,
    Availability availability,
    SizeLimits limits,
    long deadlineNanos,
    long admittedWaitNanos,
    LongSupplier diskSyncNanos) {}
