@NullMarked
package io.distkv.storage;

import org.jspecify.annotations.NullMarked;
