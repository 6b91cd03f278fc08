@NullMarked
package io.distkv.simulation.cluster.fault;

import org.jspecify.annotations.NullMarked;
