package io.distkv.client;

import io.distkv.client.ClientObserver.Observation;
import io.grpc.Metadata;

/** Headers of a call. */
final class Headers {
  private Headers() {}

  static Metadata of(Observation observation) {
    Metadata headers = new Metadata();
    observation.headers((name, value) ->
        headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
    return headers;
  }
}
