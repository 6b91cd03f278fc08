@NullMarked
package io.distkv.simulation.cluster.timeline;

import org.jspecify.annotations.NullMarked;
