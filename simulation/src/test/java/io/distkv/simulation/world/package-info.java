@NullMarked
package io.distkv.simulation.world;

import org.jspecify.annotations.NullMarked;
