@NullMarked
package io.distkv.storage.manifest;

import org.jspecify.annotations.NullMarked;
