@NullMarked
package io.distkv.server.resp;

import org.jspecify.annotations.NullMarked;
