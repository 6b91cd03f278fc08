@NullMarked
package io.distkv.platform;

import org.jspecify.annotations.NullMarked;
