/**
 * The Java client before a node, and a node's gRPC front end against a bare server of grpc-java.
 */
@NullMarked
package io.distkv.bench.client;

import org.jspecify.annotations.NullMarked;
