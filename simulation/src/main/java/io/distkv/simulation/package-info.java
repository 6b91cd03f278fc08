@NullMarked
package io.distkv.simulation;

import org.jspecify.annotations.NullMarked;
