@NullMarked
package io.distkv.architecture;

import org.jspecify.annotations.NullMarked;
