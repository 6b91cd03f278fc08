/** Watching keys over HTTP: their changes as server-sent events. */
@NullMarked
package io.distkv.server.http.watch;

import org.jspecify.annotations.NullMarked;
