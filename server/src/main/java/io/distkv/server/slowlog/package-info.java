/** Remembers and logs the operations that took long, with what their time was spent on. */
@NullMarked
package io.distkv.server.slowlog;

import org.jspecify.annotations.NullMarked;
