package io.distkv.contract;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One request, put together piece by piece; keys go percent-encoded or as base64url. */
final class HttpCall {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String UNRESERVED =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_~";

  private final boolean base64;
  private final StringBuilder path = new StringBuilder("/v1/keyspaces");
  private final List<String> query = new ArrayList<>();
  private final HttpRequest.Builder request =
      HttpRequest.newBuilder().timeout(Duration.ofSeconds(60));

  /** To all keyspaces. */
  HttpCall(boolean base64) {
    this.base64 = base64;
  }

  /** To one keyspace. */
  HttpCall keyspace(String name) {
    return step(percent(ByteString.copyFromUtf8(name)));
  }

  /** A further step of the path. */
  HttpCall step(String step) {
    path.append('/').append(step);
    return this;
  }

  /** A key as a further step of the path. */
  HttpCall key(ByteString key) {
    if (base64) {
      with("encoding", "base64url");
    }
    return step(encoded(key));
  }

  private String encoded(ByteString bytes) {
    return base64
        ? Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray())
        : percent(bytes);
  }

  /** Every byte that is no letter or digit as an escape, dots included, which may mean steps. */
  private static String percent(ByteString bytes) {
    StringBuilder text = new StringBuilder(bytes.size());
    for (int i = 0; i < bytes.size(); i++) {
      char each = (char) (bytes.byteAt(i) & 0xff);
      if (UNRESERVED.indexOf(each) >= 0) {
        text.append(each);
      } else {
        text.append('%').append(Character.toUpperCase(Character.forDigit(each >> 4, 16)));
        text.append(Character.toUpperCase(Character.forDigit(each & 15, 16)));
      }
    }
    return text.toString();
  }

  HttpCall with(String name, String value) {
    query.add(name + "=" + percent(ByteString.copyFromUtf8(value)));
    return this;
  }

  HttpCall with(String name, @Nullable ByteString bytes) {
    if (bytes != null) {
      query.add(name + "=" + encoded(bytes));
    }
    return this;
  }

  HttpCall header(String name, String value) {
    request.header(name, value);
    return this;
  }

  Result get(HttpClient client, String address) throws IOException {
    return send(client, address, "GET", BodyPublishers.noBody());
  }

  /** Begins to read an answer that has no end. */
  HttpResponse<InputStream> open(HttpClient client, String address) throws IOException {
    return send(
        client, address, "GET", BodyPublishers.noBody(), HttpResponse.BodyHandlers.ofInputStream());
  }

  Result delete(HttpClient client, String address) throws IOException {
    return send(client, address, "DELETE", BodyPublishers.noBody());
  }

  Result put(HttpClient client, String address, ByteString body) throws IOException {
    return send(client, address, "PUT", BodyPublishers.ofByteArray(body.toByteArray()));
  }

  Result post(HttpClient client, String address, JsonNode body) throws IOException {
    return sendJson(client, address, "POST", body);
  }

  Result patch(HttpClient client, String address, JsonNode body) throws IOException {
    return sendJson(client, address, "PATCH", body);
  }

  private Result sendJson(HttpClient client, String address, String method, JsonNode body)
      throws IOException {
    request.header("Content-Type", "application/json");
    return send(client, address, method, BodyPublishers.ofString(JSON.writeValueAsString(body)));
  }

  private Result send(HttpClient client, String address, String method, BodyPublisher body)
      throws IOException {
    return new Result(send(client, address, method, body, HttpResponse.BodyHandlers.ofByteArray()));
  }

  private <T> HttpResponse<T> send(
      HttpClient client,
      String address,
      String method,
      BodyPublisher body,
      HttpResponse.BodyHandler<T> handler)
      throws IOException {
    String target = path + (query.isEmpty() ? "" : "?" + String.join("&", query));
    HttpRequest whole =
        request.method(method, body).uri(URI.create("http://" + address + target)).build();
    try {
      return client.send(whole, handler);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** What came back. */
  record Result(HttpResponse<byte[]> response) {

    boolean isSuccess() {
      return response.statusCode() / 100 == 2;
    }

    int status() {
      return response.statusCode();
    }

    ByteString body() {
      return ByteString.copyFrom(response.body());
    }

    JsonNode json() {
      return JSON.readTree(new String(response.body(), StandardCharsets.UTF_8));
    }

    @Nullable String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    String requiredHeader(String name) {
      String value = header(name);
      if (value == null) {
        throw new AssertionError("an answer " + status() + " without the header " + name);
      }
      return value;
    }
  }
}
