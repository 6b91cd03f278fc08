/** Keyspaces over HTTP: what there are, what they hold, and how they come, change and go. */
@NullMarked
package io.distkv.server.http.keyspaces;

import org.jspecify.annotations.NullMarked;
