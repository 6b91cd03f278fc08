@NullMarked
package io.distkv.simulation.cluster;

import org.jspecify.annotations.NullMarked;
