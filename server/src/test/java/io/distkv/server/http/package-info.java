@NullMarked
package io.distkv.server.http;

import org.jspecify.annotations.NullMarked;
