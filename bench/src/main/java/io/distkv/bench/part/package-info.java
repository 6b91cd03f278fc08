/** JMH benchmarks of single parts of the storage engine: which of them got slower, and where. */
@NullMarked
package io.distkv.bench.part;

import org.jspecify.annotations.NullMarked;
