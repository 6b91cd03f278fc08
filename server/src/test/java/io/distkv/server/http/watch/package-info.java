@NullMarked
package io.distkv.server.http.watch;

import org.jspecify.annotations.NullMarked;
