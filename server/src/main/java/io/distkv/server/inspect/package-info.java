@NullMarked
package io.distkv.server.inspect;

import org.jspecify.annotations.NullMarked;
