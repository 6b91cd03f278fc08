@NullMarked
package io.distkv.server.slowlog;

import org.jspecify.annotations.NullMarked;
