/** The HTTP front end beside a server that does nothing but answer. */
@NullMarked
package io.distkv.bench.http;

import org.jspecify.annotations.NullMarked;
