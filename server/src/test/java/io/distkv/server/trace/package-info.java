@NullMarked
package io.distkv.server.trace;

import org.jspecify.annotations.NullMarked;
