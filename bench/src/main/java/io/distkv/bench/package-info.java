@NullMarked
package io.distkv.bench;

import org.jspecify.annotations.NullMarked;
