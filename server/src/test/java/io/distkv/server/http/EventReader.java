package io.distkv.server.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events as a browser does. */
final class EventReader implements AutoCloseable {
  private final HttpResponse<InputStream> response;
  private final BufferedReader lines;
  private String lastId = "";

  /** One event; its id is the last that was said. */
  record Event(String id, String name, String data) {}

  private EventReader(HttpResponse<InputStream> response) {
    this.response = response;
    lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  /** Opens a stream. */
  static EventReader open(HttpClient client, HttpRequest.Builder request) throws Exception {
    return new EventReader(client.send(request.build(), BodyHandlers.ofInputStream()));
  }

  HttpResponse<InputStream> response() {
    return response;
  }

  String lastId() {
    return lastId;
  }

  /** The next event; null at the end. */
  @Nullable Event next() {
    String name = "message";
    StringBuilder data = new StringBuilder();
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id: ")) {
          lastId = line.substring(4);
        } else if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data.append(line, 6, line.length());
        } else if (line.isEmpty() && !data.isEmpty()) {
          return new Event(lastId, name, data.toString());
        }
      }
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next of this name; what comes before is passed over, but for an end. */
  Event next(String name) {
    while (true) {
      Event event = next();
      if (event == null || (event.name().equals("end") && !name.equals("end"))) {
        throw new AssertionError("no more: " + event);
      }
      if (event.name().equals(name)) {
        return event;
      }
    }
  }

  /** The next changes. */
  List<Event> changes(int count) {
    List<Event> events = new ArrayList<>();
    while (events.size() < count) {
      events.add(next("change"));
    }
    return events;
  }

  @Override
  public void close() throws IOException {
    response.body().close();
  }
}
