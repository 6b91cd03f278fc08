@NullMarked
package io.distkv.simulation.shrink;

import org.jspecify.annotations.NullMarked;
