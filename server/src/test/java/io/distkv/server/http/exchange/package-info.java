@NullMarked
package io.distkv.server.http.exchange;

import org.jspecify.annotations.NullMarked;
