@NullMarked
package io.distkv.server;

import org.jspecify.annotations.NullMarked;
