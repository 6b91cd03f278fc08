/** What stands in the archive beside the programs, tried with the archive itself. */
@NullMarked
package io.distkv.distribution;

import org.jspecify.annotations.NullMarked;
