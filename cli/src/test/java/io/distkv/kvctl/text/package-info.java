@NullMarked
package io.distkv.kvctl.text;

import org.jspecify.annotations.NullMarked;
