/** What goes wrong in a run of a cluster: drawn whole before it begins, and then carried out. */
@NullMarked
package io.distkv.simulation.cluster.fault;

import org.jspecify.annotations.NullMarked;
