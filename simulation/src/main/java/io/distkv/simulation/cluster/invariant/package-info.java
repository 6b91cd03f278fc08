/** What must hold in a cluster after every event, a class for each. */
@NullMarked
package io.distkv.simulation.cluster.invariant;

import org.jspecify.annotations.NullMarked;
