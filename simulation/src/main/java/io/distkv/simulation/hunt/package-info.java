@NullMarked
package io.distkv.simulation.hunt;

import org.jspecify.annotations.NullMarked;
