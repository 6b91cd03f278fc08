@NullMarked
package io.distkv.server.config;

import org.jspecify.annotations.NullMarked;
