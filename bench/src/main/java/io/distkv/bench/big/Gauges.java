package io.distkv.bench.big;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.DoubleStream;

/** The node's own figures, asked for while it works; keeps the largest heap that was seen. */
final class Gauges {
  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpRequest request;
  private double peakHeapBytes;

  Gauges(int httpPort) {
    request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/metrics")).build();
  }

  /** Looks once and tells what matters, in words. */
  String look() throws IOException {
    String page;
    try {
      page = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
    double heap = sum(page, "jvm_heap_used_bytes");
    peakHeapBytes = Math.max(peakHeapBytes, heap);
    return "heap %.0f MiB, level 0 %.0f tables, debt %.0f MiB, pressure %.2f, memtables %.0f MiB"
        .formatted(
            heap / (1 << 20),
            values(page, "distkv_level_tables{", "level=\"0\"").sum(),
            sum(page, "distkv_compaction_debt_bytes{") / (1 << 20),
            // Each keyspace tells at least the pressure of what they share.
            values(page, "distkv_write_pressure{", "").max().orElse(0),
            sum(page, "distkv_memtable_bytes") / (1 << 20));
  }

  /** The largest heap of all looks, garbage included. */
  double peakHeapBytes() {
    return peakHeapBytes;
  }

  private static double sum(String page, String start) {
    return values(page, start, "").sum();
  }

  private static DoubleStream values(String page, String start, String part) {
    return page.lines()
        .filter(line -> line.startsWith(start) && line.contains(part))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)));
  }
}
