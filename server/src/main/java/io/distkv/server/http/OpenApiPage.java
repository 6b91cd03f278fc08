package io.distkv.server.http;

import io.distkv.server.http.exchange.Answer;
import io.distkv.server.http.exchange.Route;
import io.helidon.http.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The description of all routes in the words of OpenAPI, a file beside this class. */
final class OpenApiPage {
  private static final String FILE = "openapi.json";

  private final byte[] description;

  OpenApiPage() {
    try (InputStream in = OpenApiPage.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException(FILE + " is missing");
      }
      description = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Route> routes() {
    return Route.page(
        "/openapi.json", any -> Answer.of(Status.OK_200).body("application/json", description));
  }
}
