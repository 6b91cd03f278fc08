@NullMarked
package io.distkv.server.http.keys;

import org.jspecify.annotations.NullMarked;
