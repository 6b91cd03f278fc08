package io.distkv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The browser of this machine before the console of a node, and a look at what it does there. */
final class ConsoleBrowser implements AutoCloseable {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

  private final String node;
  private final Playwright playwright;
  private final Browser browser;
  private final Queue<String> foreign = new ConcurrentLinkedQueue<>();
  private final Queue<String> errors = new ConcurrentLinkedQueue<>();
  private final AtomicInteger figures = new AtomicInteger();

  ConsoleBrowser(int httpPort) {
    node = "http://127.0.0.1:" + httpPort;
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright.chromium().launch(new BrowserType.LaunchOptions().setExecutablePath(CHROMIUM));
  }

  /** Skips a test where there is no browser. */
  static void require() {
    if (!Files.isExecutable(CHROMIUM)) {
      String reason = "chromium is not installed (Debian: chromium)";
      assertThat(System.getenv("CI")).as(reason).isNotEqualTo("true");
      System.out.println("skipped: " + reason);
      assumeTrue(false, reason);
    }
  }

  /** A page of the console, in a browser that has kept nothing. */
  Page open(ColorScheme scheme, String place) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setColorScheme(scheme)
                .setReducedMotion(ReducedMotion.REDUCE)
                .setViewportSize(1440, 960));
    context.setDefaultTimeout(10_000);
    Page page = context.newPage();
    page.onRequest(request -> {
      if (!request.url().startsWith(node + "/")) {
        foreign.add(request.url());
      }
    });
    page.onResponse(response -> {
      if (response.url().endsWith("/v1/figures")) {
        figures.incrementAndGet();
      }
    });
    page.onConsoleMessage(message -> {
      // An answer that is an error is one here, too, and is what some tests are about.
      if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
        errors.add(message.text());
      }
    });
    page.onPageError(errors::add);
    page.navigate(node + "/#/" + place);
    return page;
  }

  /** Closes all pages that were opened. */
  void closePages() {
    List.copyOf(browser.contexts()).forEach(BrowserContext::close);
  }

  /** Keeps what a page looks like, as an output of the build. */
  static void keep(Page page, String name) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(Path.of("target", "console", name + ".png"))
            .setFullPage(true));
  }

  /** How often the node has told its figures. */
  int figures() {
    return figures.get();
  }

  /** What was asked of anybody but the node, and what went wrong in a page. */
  List<String> wrong() {
    List<String> all = new ArrayList<>(foreign);
    all.addAll(errors);
    return all;
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
