package io.distkv.server.http.console;

import io.distkv.base.ErrorCode;
import io.distkv.server.http.exchange.Answer;
import io.distkv.server.http.exchange.Exchange;
import io.distkv.server.http.exchange.ProblemException;
import io.distkv.server.http.exchange.Route;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of the console, from memory. They may load nothing but each other, run no code but
 * their own, and be shown in no other page: their headers say so.
 */
public final class ConsolePages {
  /** The folder of the files, beside this class; and all that is in it. */
  static final String FOLDER = "/io/distkv/server/http/console/";

  static final List<String> FILES =
      List.of(
          "index.html",
          "console.css",
          "icon.svg",
          "api.js",
          "app.js",
          "bytes.js",
          "chart.js",
          "dialog.js",
          "editor.js",
          "events.js",
          "figures.js",
          "format.js",
          "header.js",
          "help.js",
          "history.js",
          "hotkeys.js",
          "keybrowser.js",
          "keyspaceform.js",
          "keyspaces.js",
          "overview.js",
          "shortcuts.js",
          "theme.js",
          "tile.js",
          "lib/preact.mjs",
          "lib/preact-LICENSE.txt",
          "lib/uPlot.esm.js",
          "lib/uPlot.min.css",
          "lib/uPlot-LICENSE.txt");

  private static final HeaderName POLICY = HeaderNames.create("Content-Security-Policy");
  private static final String ONLY_OWN =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final Map<String, Page> pages = new LinkedHashMap<>();

  /** A file, and its entity tag. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Page(String mediaType, byte[] bytes, String tag) {}

  /** Reads all files. */
  public ConsolePages() {
    for (String file : FILES) {
      try (InputStream in = ConsolePages.class.getResourceAsStream(FOLDER + file)) {
        if (in == null) {
          throw new IllegalStateException(FOLDER + file + " is missing");
        }
        byte[] bytes = in.readAllBytes();
        pages.put(file, new Page(mediaType(file), bytes, tag(bytes)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static String mediaType(String file) {
    return switch (file.substring(file.lastIndexOf('.') + 1)) {
      case "html" -> "text/html; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "js", "mjs" -> "text/javascript; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> "text/plain; charset=utf-8";
    };
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(digest, 0, 8) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The console itself, and what it loads. */
  public List<Route> routes() {
    List<Route> routes = new ArrayList<>(Route.page("/", any -> answer(any, "index.html")));
    routes.addAll(Route.page("/console/{file}", exchange -> answer(exchange, file(exchange))));
    routes.addAll(
        Route.page("/console/lib/{file}", exchange -> answer(exchange, "lib/" + file(exchange))));
    return routes;
  }

  /** A name without a slash, so that each file has one path. */
  private static String file(Exchange exchange) {
    String name = exchange.text("file");
    return name.indexOf('/') < 0 ? name : "";
  }

  private Answer answer(Exchange exchange, String file) {
    exchange.query();
    Page page = pages.get(file);
    if (page == null) {
      throw ProblemException.of(ErrorCode.NOT_FOUND, "the console has no such file");
    }
    boolean known = exchange.headers(HeaderNames.IF_NONE_MATCH).contains(page.tag);
    Answer answer =
        known
            ? Answer.of(Status.NOT_MODIFIED_304)
            : Answer.of(Status.OK_200).body(page.mediaType, page.bytes);
    return answer
        .header(HeaderNames.ETAG, page.tag)
        .header(HeaderNames.CACHE_CONTROL, "no-cache")
        .header(POLICY, ONLY_OWN)
        .header(HeaderNames.create("Referrer-Policy"), "no-referrer")
        .header(HeaderNames.create("Cross-Origin-Opener-Policy"), "same-origin")
        .header(HeaderNames.create("X-Frame-Options"), "DENY");
  }
}
