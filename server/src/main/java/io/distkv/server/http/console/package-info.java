/** The web console: its files as they are in this jar, and the figures that it shows. */
@NullMarked
package io.distkv.server.http.console;

import org.jspecify.annotations.NullMarked;
