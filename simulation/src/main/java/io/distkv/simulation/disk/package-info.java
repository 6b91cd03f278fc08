@NullMarked
package io.distkv.simulation.disk;

import org.jspecify.annotations.NullMarked;
