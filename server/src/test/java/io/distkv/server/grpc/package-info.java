@NullMarked
package io.distkv.server.grpc;

import org.jspecify.annotations.NullMarked;
