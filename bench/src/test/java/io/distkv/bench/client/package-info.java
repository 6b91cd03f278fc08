@NullMarked
package io.distkv.bench.client;

import org.jspecify.annotations.NullMarked;
