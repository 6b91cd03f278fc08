@NullMarked
package io.distkv.simulation.linearizability;

import org.jspecify.annotations.NullMarked;
