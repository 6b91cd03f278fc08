@NullMarked
package io.distkv.bench.part;

import org.jspecify.annotations.NullMarked;
