package io.distkv.contract;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Watches by server-sent events. */
record HttpWatch(HttpClient client, String address, boolean base64) {

  Answer ask(String keyspace, Operation.Watch watch) throws IOException {
    HttpCall call =
        new HttpCall(base64)
            .keyspace(keyspace)
            .step("watch")
            .with("key", watch.key())
            .with("prefix", watch.prefix())
            .with("after", Long.toString(watch.after()))
            .with("progress", "100ms");
    if (base64) {
      call.with("encoding", "base64url");
    }
    HttpResponse<InputStream> response = call.open(client, address);
    try (BufferedReader events =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      return response.statusCode() == 200
          ? told(events, watch.until())
          : HttpProblems.refused(call.get(client, address));
    }
  }

  private static Answer told(BufferedReader events, long until) throws IOException {
    List<Answer.Change> told = new ArrayList<>();
    while (true) {
      String event = field(events, "event");
      JsonNode data = JsonMapper.shared().readTree(field(events, "data"));
      switch (event) {
        case "change" -> told.add(HttpJson.change(data));
        case "progress" -> {
          if (HttpJson.version(data) >= until) {
            return new Answer.Told(told);
          }
        }
        default -> throw new AssertionError("the stream ends: " + data);
      }
    }
  }

  /** The next field of this name; what is before it is not of interest. */
  private static String field(BufferedReader events, String name) throws IOException {
    for (@Nullable String line = events.readLine(); line != null; line = events.readLine()) {
      if (line.startsWith(name + ": ")) {
        return line.substring(name.length() + 2);
      }
    }
    throw new IOException("the stream has ended before its end");
  }
}
