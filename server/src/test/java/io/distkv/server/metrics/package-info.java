@NullMarked
package io.distkv.server.metrics;

import org.jspecify.annotations.NullMarked;
