/** Makes what fails smaller, as long as it fails. */
@NullMarked
package io.distkv.simulation.shrink;

import org.jspecify.annotations.NullMarked;
