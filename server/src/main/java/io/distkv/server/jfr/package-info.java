@NullMarked
package io.distkv.server.jfr;

import org.jspecify.annotations.NullMarked;
