/** The gRPC front end: the services of {@code distkv.v1}, each call turned into a command. */
@NullMarked
package io.distkv.server.grpc;

import org.jspecify.annotations.NullMarked;
