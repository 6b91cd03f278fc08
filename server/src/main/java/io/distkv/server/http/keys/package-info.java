/** Keys over HTTP: reading and writing them, listing them, batches. */
@NullMarked
package io.distkv.server.http.keys;

import org.jspecify.annotations.NullMarked;
