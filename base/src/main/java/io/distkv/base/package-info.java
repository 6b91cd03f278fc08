@NullMarked
package io.distkv.base;

import org.jspecify.annotations.NullMarked;
