package io.distkv.server.config;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** How HTTP clients are served. */
public final class HttpSettings {
  public static final Setting<String> BIND =
      Setting.of(
          "http.bind",
          ValueType.ADDRESS,
          "127.0.0.1",
          "The address on which HTTP clients are served.");

  public static final Setting<Integer> PORT =
      Setting.of(
          "http.port",
          ValueType.count(0, 65_535),
          "8379",
          "The port for HTTP: data, `/metrics`, `/healthz` and `/readyz`; 0 takes any free one, which"
              + " the ready line names. The flag `--http-port` sets it, too.");

  public static final Setting<Integer> CONNECTIONS =
      Setting.of(
          "http.connections",
          ValueType.count(1, 1_000_000),
          "4096",
          "How many HTTP connections there may be; more wait in the operating system.");

  public static final Setting<Integer> REQUESTS =
      Setting.of(
          "http.requests",
          ValueType.count(1, 1_000_000),
          "1024",
          "How many HTTP requests for data may be under way; one more is answered with 503.");

  public static final Setting<Integer> WATCHES =
      Setting.of(
          "http.watches",
          ValueType.count(1, 100_000),
          "256",
          "How many watches there may be over HTTP; one more is answered with 503. Never more than"
              + " half of `http.connections`, so that requests that end find one. Each may take"
              + " some 5MiB while its client is slow.");

  public static final Setting<MemorySize> MEMORY =
      Setting.of(
          "http.memory",
          ValueType.memory(ServerSettings.MIB),
          "10%",
          "Memory that bodies of more than 64KiB of all HTTP requests together may take; more wait"
              + " for their turn, at most `requestTimeout`, and are answered with 503 then. Answers"
              + " may take as much again.");

  public static final Setting<Long> BODY_LIMIT =
      Setting.of(
          "http.bodyLimit",
          ValueType.bytes(64 * ServerSettings.KIB, 128 * ServerSettings.MIB),
          "32MiB",
          "Bytes that a JSON body may have, before and after it is decompressed; a longer one is"
              + " answered with 413.");

  public static final Setting<Duration> TIMEOUT =
      Setting.of(
          "http.timeout",
          ValueType.duration(Duration.ofMillis(100), Duration.ofHours(1)),
          "30s",
          "How long an HTTP client may take to send a request, from its first byte to the end of its"
              + " head and from there to the end of its body, and to take an answer; for bodies a"
              + " second more for each 256KiB. One that takes longer is closed.");

  public static final Setting<Duration> IDLE_TIMEOUT =
      Setting.of(
          "http.idleTimeout",
          ValueType.duration(Duration.ofSeconds(1), ValueType.DAY),
          "5m",
          "An HTTP connection without a request for so long is closed.");

  public static final Setting<List<String>> CORS =
      Setting.of(
          "http.cors",
          ValueType.listOf(
              ValueType.text(
                  "origin",
                  "off, * and origins such as https://example.org",
                  Pattern.compile("off|\\*|https?://[A-Za-z0-9.:\\[\\]-]+")),
              100),
          "off",
          "Whose web pages may use the HTTP port from a browser (CORS): origins, or * for all."
              + " Pages that come from the port itself may always.");

  public static final Setting<List<String>> HOSTS =
      Setting.of(
          "http.hosts",
          ValueType.listOf(
              ValueType.text(
                  "name", "* and names in lower case", Pattern.compile("\\*|[a-z0-9._-]{1,253}")),
              100),
          "localhost",
          "By which names the node may be called over HTTP, beside IP addresses; * for any. Others"
              + " are answered with 403, so that no web page reaches the node by a name of its own"
              + " (DNS rebinding). Set it where clients or a proxy call the node by name.");

  private HttpSettings() {}
}
