@NullMarked
package io.distkv.node;

import org.jspecify.annotations.NullMarked;
