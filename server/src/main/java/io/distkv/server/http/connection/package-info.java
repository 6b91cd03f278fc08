/** Connections of HTTP clients: what is read from them, how long it may take, and their end. */
@NullMarked
package io.distkv.server.http.connection;

import org.jspecify.annotations.NullMarked;
