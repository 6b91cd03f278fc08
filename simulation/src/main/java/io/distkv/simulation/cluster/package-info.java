/**
 * A whole cluster on one thread: machines, the network between them, clients, and what must hold.
 */
@NullMarked
package io.distkv.simulation.cluster;

import org.jspecify.annotations.NullMarked;
