package io.distkv.contract;

import com.google.protobuf.ByteString;
import io.distkv.contract.HttpCall.Result;
import java.io.IOException;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** HTTP: values as they are, versions as entity tags; batches and listings in JSON. */
final class HttpDoor implements Door {
  private static final String NO_SUCH_KEY = "there is no such key";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String name;
  private final String address;
  private final boolean base64;
  private final HttpJson json;

  private HttpDoor(String name, String address, boolean base64) {
    this.name = name;
    this.address = address;
    this.base64 = base64;
    this.json = new HttpJson(base64);
  }

  /** With keys and values as text wherever they are. */
  static HttpDoor text(String address) {
    return new HttpDoor("http", address, false);
  }

  /** With every key and value in base64. */
  static HttpDoor base64(String address) {
    return new HttpDoor("http-base64", address, true);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Answer ask(String keyspace, Operation operation) throws IOException {
    return switch (operation) {
      case Operation.Get get -> get(keyspace, get);
      case Operation.Put put -> put(keyspace, put);
      case Operation.Delete delete -> delete(keyspace, delete);
      case Operation.Increment increment -> increment(keyspace, increment);
      case Operation.Batch batch -> batch(keyspace, batch);
      case Operation.Scan scan -> scan(keyspace, scan);
      case Operation.Watch watch -> new HttpWatch(client, address, base64).ask(keyspace, watch);
      case Operation.OfKeyspaces ofKeyspaces -> new HttpKeyspaces(client, address).ask(ofKeyspaces);
    };
  }

  private HttpCall key(String keyspace, ByteString key) {
    return new HttpCall(base64).keyspace(keyspace).step("keys").key(key);
  }

  private Answer get(String keyspace, Operation.Get get) throws IOException {
    HttpCall call = key(keyspace, get.key());
    if (get.asOf() != null) {
      call.with("asOf", Long.toString(get.asOf()));
    }
    Result result = call.get(client, address);
    if (!result.isSuccess()) {
      return absentOrRefused(result);
    }
    String life = result.header("DistKV-TTL");
    return new Answer.Found(
        result.body(), tag(result), life == null ? Answer.FOR_EVER : HttpJson.lifeLeft(life));
  }

  private static long tag(Result result) {
    String tag = result.requiredHeader("ETag");
    if (!tag.matches("\"[0-9]+\"")) {
      throw new AssertionError("an entity tag that is no version: " + tag);
    }
    return Long.parseLong(tag.substring(1, tag.length() - 1));
  }

  private Answer put(String keyspace, Operation.Put put) throws IOException {
    HttpCall call = key(keyspace, put.key());
    condition(call, put.condition());
    switch (put.life().term()) {
      case FOR_EVER -> {
        // Nothing to say.
      }
      case TTL -> call.header("DistKV-TTL", HttpJson.life(put.life().millis()));
      case KEEP -> call.header("DistKV-Keep-TTL", "true");
      case UNTIL -> {
        return new Answer.NotOffered("ends of lives as a time");
      }
    }
    if (put.returnPrevious()) {
      call.with("previous", "true");
    }
    Result result = call.put(client, address, put.value());
    if (!result.isSuccess()) {
      return HttpProblems.refused(result);
    }
    long version = version(result);
    if (tag(result) != version) {
      throw new AssertionError("ETag and DistKV-Version differ");
    }
    return new Answer.Written(version, previous(result));
  }

  private static long version(Result result) {
    return Long.parseLong(result.requiredHeader("DistKV-Version"));
  }

  /** Only an answer 200 has something; how long it had to live is not told. */
  private static Answer.@Nullable Found previous(Result result) {
    return result.status() == 200
        ? new Answer.Found(
            result.body(),
            Long.parseLong(result.requiredHeader("DistKV-Previous-Version")),
            Answer.UNTOLD_LIFE)
        : null;
  }

  private static void condition(HttpCall call, Operation.Condition condition) {
    switch (condition.kind()) {
      case NONE -> {
        // Nothing to say.
      }
      case ABSENT -> call.header("If-None-Match", "*");
      case PRESENT -> call.header("If-Match", "*");
      case VERSION -> call.header("If-Match", "\"" + condition.version() + "\"");
    }
  }

  private Answer delete(String keyspace, Operation.Delete delete) throws IOException {
    HttpCall call = key(keyspace, delete.key());
    condition(call, delete.condition());
    if (delete.returnPrevious()) {
      call.with("previous", "true");
    }
    Result result = call.delete(client, address);
    return result.isSuccess()
        ? new Answer.Deleted(version(result), previous(result))
        : absentOrRefused(result);
  }

  /** A key that is not there is a 404 with the code NOT_FOUND, as it is of a missing keyspace. */
  private static Answer absentOrRefused(Result result) {
    Answer.Refused refused = HttpProblems.refused(result);
    return refused.text().equals(NO_SUCH_KEY) ? new Answer.Nothing() : refused;
  }

  private Answer increment(String keyspace, Operation.Increment increment) throws IOException {
    ObjectNode body = HttpJson.object().put("by", increment.by());
    if (increment.initial() != 0) {
      body.put("initial", Long.toString(increment.initial()));
    }
    if (increment.ttlMillis() != null) {
      body.put("ttl", HttpJson.life(increment.ttlMillis()));
    }
    Result result = key(keyspace, increment.key()).step("increment").post(client, address, body);
    return result.isSuccess() ? HttpJson.sum(result.json()) : HttpProblems.refused(result);
  }

  private Answer batch(String keyspace, Operation.Batch batch) throws IOException {
    HttpCall call = new HttpCall(base64).keyspace(keyspace).step("batch");
    if (base64) {
      call.with("encoding", "base64url");
    }
    Result result = call.post(client, address, json.batch(batch));
    return result.isSuccess() ? json.results(batch, result.json()) : HttpProblems.refused(result);
  }

  private Answer scan(String keyspace, Operation.Scan scan) throws IOException {
    List<Answer.Entry> entries = new ArrayList<>();
    String token = null;
    do {
      Result result = list(keyspace, scan, token).get(client, address);
      if (!result.isSuccess()) {
        return HttpProblems.refused(result);
      }
      JsonNode page = result.json();
      for (JsonNode entry : page.get("entries")) {
        entries.add(HttpJson.entry(entry));
      }
      token = page.has("nextPageToken") ? page.get("nextPageToken").stringValue() : null;
    } while (token != null && (scan.limit() == null || entries.size() < scan.limit()));
    // A page that ended at its bytes is followed by one of as many keys again.
    Long limit = scan.limit();
    return new Answer.Listed(
        limit != null && entries.size() > limit ? entries.subList(0, limit.intValue()) : entries);
  }

  private HttpCall list(String keyspace, Operation.Scan scan, @Nullable String token) {
    HttpCall call = new HttpCall(base64).keyspace(keyspace).step("keys");
    if (base64) {
      call.with("encoding", "base64url");
    }
    call.with("prefix", scan.prefix()).with("start", scan.from()).with("end", scan.to());
    if (scan.reverse()) {
      call.with("reverse", "true");
    }
    Long limit = scan.page() == null ? scan.limit() : scan.page();
    if (limit != null) {
      call.with("limit", limit.toString());
    }
    if (scan.keysOnly()) {
      call.with("keysOnly", "true");
    }
    if (scan.asOf() != null) {
      call.with("asOf", Long.toString(scan.asOf()));
    }
    if (token != null) {
      call.with("pageToken", token);
    }
    return call;
  }

  @Override
  public void close() {
    client.close();
  }
}
