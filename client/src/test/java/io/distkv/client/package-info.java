@NullMarked
package io.distkv.client;

import org.jspecify.annotations.NullMarked;
