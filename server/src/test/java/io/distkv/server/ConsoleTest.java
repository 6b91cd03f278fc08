package io.distkv.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/** The console of a node, in a browser; skipped where there is none. */
@Timeout(300)
class ConsoleTest {
  @TempDir private static Path temporary;

  private static NodeProcess node;
  private static ConsoleBrowser browser;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws Exception {
    ConsoleBrowser.require();
    node =
        NodeProcess.start(
            temporary.toRealPath(),
            "--set",
            "databases=1",
            "--set",
            "keyspaces.default.history=10m",
            "--set",
            "keyspaces.sessions.number=1",
            "--set",
            "keyspaces.sessions.partitions=8",
            "--set",
            "memory.memtables=8MiB");
    browser = new ConsoleBrowser(node.httpPort());
  }

  @AfterAll
  static void stop() throws Exception {
    if (browser != null) {
      browser.close();
      node.terminate();
      assertThat(node.status()).as(node.errors()).isZero();
      node.close();
    }
  }

  @AfterEach
  void nothingWentWrong() {
    browser.closePages();
    assertThat(browser.wrong()).isEmpty();
    client.close();
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.httpPort() + path))
            .method(method, BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private void put(String key, String value) throws Exception {
    assertThat(send("PUT", "/v1/keyspaces/default/keys/" + key, value).statusCode()).isEqualTo(204);
  }

  private String value(String key) throws Exception {
    HttpResponse<String> got = send("GET", "/v1/keyspaces/default/keys/" + key, "");
    return got.statusCode() == 200 ? got.body() : got.statusCode() + "";
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private static Locator region(Page page, String name) {
    return page.getByRole(
        AriaRole.REGION, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  /**
   * Clients that write and read, some keys much more often than others, until they are told to
   * stop.
   */
  private static CompletableFuture<Void> load(AtomicBoolean stop) {
    return CompletableFuture.runAsync(() -> {
      Random random = new Random(5);
      try (Jedis jedis = new Jedis("127.0.0.1", node.respPort())) {
        String value = "v".repeat(400);
        while (!stop.get()) {
          try (Pipeline pipeline = jedis.pipelined()) {
            int size = 30 + random.nextInt(90);
            for (int i = 0; i < size; i++) {
              String key = "user:" + (long) Math.exp(random.nextDouble() * 11);
              if (random.nextInt(4) == 0) {
                pipeline.set(key, value);
              } else {
                pipeline.get(key);
              }
            }
            pipeline.incr("visits");
            pipeline.sync();
          }
        }
      }
    });
  }

  @Test
  void theOverviewShowsWhatGoesOnInBothThemes() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<Void> load = load(stop);
    try {
      Page page = browser.open(ColorScheme.DARK, "overview");
      assertThat(page.getByRole(AriaRole.STATUS)).hasText("ready");
      int asked = browser.figures();
      page.waitForCondition(
          () -> browser.figures() >= asked + 14,
          new Page.WaitForConditionOptions().setTimeout(120_000));
      for (String name : List.of("Throughput", "Latency", "Block cache", "Flush and compaction")) {
        assertThat(region(page, name).getByRole(AriaRole.IMG))
            .hasAttribute("aria-label", Pattern.compile(name + ": .*[0-9].*"));
        assertThat(region(page, name).locator(".meaning")).not().isEmpty();
      }
      Locator commands =
          page.getByRole(AriaRole.GROUP, new Page.GetByRoleOptions().setName("Commands"));
      assertThat(commands.locator(".tile-value")).hasText(Pattern.compile("[1-9].*/s"));
      assertThat(region(page, "Hottest keys").getByRole(AriaRole.LINK).first())
          .hasText(Pattern.compile("user:\\d|visits"));
      assertThat(region(page, "Largest keyspaces").getByRole(AriaRole.LINK).first())
          .hasText("default");
      // Pointing somewhere tells what was there, in all charts.
      Locator plot = region(page, "Throughput").getByRole(AriaRole.IMG);
      plot.hover();
      page.mouse().move(2, 2);
      ConsoleBrowser.keep(page, "overview-dark");
      String dark = background(page);
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
      page.waitForCondition(() -> !background(page).equals(dark));
      ConsoleBrowser.keep(page, "overview-light");
      // Whatever the system says: what was chosen stays, in the next page, too.
      page.keyboard().press("t");
      page.waitForCondition(() -> background(page).equals(dark));
      page.reload();
      page.waitForCondition(() -> background(page).equals(dark));
      page.getByLabel("Theme: dark").click();
      page.waitForCondition(() -> !background(page).equals(dark));
      assertThat(page.getByLabel("Theme: light")).isVisible();
    } finally {
      stop.set(true);
      load.get();
    }
  }

  private static String background(Page page) {
    return (String) page.evaluate("getComputedStyle(document.body).backgroundColor");
  }

  @Test
  void everythingIsReachedByKeyboard() throws Exception {
    put("kb-1", "one");
    put("kb-2", "two");
    Page page = browser.open(ColorScheme.LIGHT, "overview");
    assertThat(page.getByRole(AriaRole.STATUS)).hasText("ready");
    page.keyboard().press("Tab");
    assertThat(page.getByText("Skip to the content")).isFocused();
    page.keyboard().press("Enter");
    assertThat(page.getByRole(AriaRole.MAIN)).isFocused();
    page.keyboard().press("?");
    assertThat(page.getByRole(AriaRole.DIALOG)).isVisible();
    // It keeps the focus while it is open, and what is behind it does not hear.
    page.keyboard().press("3");
    page.keyboard().press("Escape");
    assertThat(page.getByRole(AriaRole.DIALOG)).isHidden();
    page.keyboard().press("3");
    assertThat(page.getByRole(AriaRole.SEARCH)).isVisible();
    assertNamed(page);
    page.keyboard().press("/");
    page.keyboard().type("kb-");
    Locator links = region(page, "List of keys").getByRole(AriaRole.LINK);
    assertThat(links).hasCount(2);
    links.first().focus();
    page.keyboard().press("ArrowDown");
    assertThat(links.nth(1)).isFocused();
    assertThat(((String) page.evaluate("getComputedStyle(document.activeElement).outlineStyle")))
        .isEqualTo("solid");
    page.keyboard().press("Enter");
    Locator field = region(page, "Key").locator("textarea");
    assertThat(field).hasValue("two");
    assertNamed(page);
    field.focus();
    page.keyboard().type("x");
    page.keyboard().press("Control+Enter");
    assertThat(page.getByText("Saved.")).isVisible();
    assertThat(value("kb-2")).contains("x");
    page.getByText("Saved.").waitFor();
    links.first().focus();
    page.keyboard().press("n");
    assertThat(page.getByLabel("Name of the new key")).isFocused();
    page.keyboard().type("kb-3");
    page.keyboard().press("Tab");
    page.keyboard().press("Tab");
    page.keyboard().type("three");
    page.keyboard().press("Control+Enter");
    assertThat(links).hasCount(3);
    assertThat(value("kb-3")).isEqualTo("three");
    region(page, "List of keys").getByRole(AriaRole.LINK).first().focus();
    page.keyboard().press("2");
    assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("Keyspaces")))
        .isVisible();
    assertThat(button(page, "Change default")).isVisible();
    assertNamed(page);
  }

  /** Whatever can be used says what it is. */
  private static void assertNamed(Page page) {
    Object nameless =
        page.evaluate(
            """
            () => [...document.querySelectorAll("a, button, input, select, textarea, [role=img]")]
              .filter((each) => !each.getAttribute("aria-label") && !each.labels?.[0]?.textContent.trim()
                && !each.textContent.trim())
              .map((each) => each.outerHTML)
            """);
    assertThat((List<?>) nameless).isEmpty();
    assertThat(page.locator("h1")).hasCount(1);
  }

  @Test
  void whatSomebodyElseWroteIsNotLost() throws Exception {
    put("conflict", "before");
    Page page = browser.open(ColorScheme.DARK, "keys/default/" + "Y29uZmxpY3Q");
    Locator field = region(page, "Key").locator("textarea");
    assertThat(field).hasValue("before");
    put("conflict", "theirs");
    field.fill("mine");
    button(page, "Save").click();
    Locator conflict = page.getByRole(AriaRole.ALERT);
    assertThat(conflict).containsText("Somebody else has changed this key");
    ConsoleBrowser.keep(page, "conflict-dark");
    assertThat(value("conflict")).isEqualTo("theirs");
    assertThat(field).hasValue("mine");
    button(page, "Show theirs").click();
    assertThat(field).hasValue("theirs");
    assertThat(conflict).isHidden();
    put("conflict", "theirs again");
    field.fill("mine again");
    button(page, "Save").click();
    button(page, "Overwrite with mine").click();
    assertThat(page.getByText("Saved.")).isVisible();
    assertThat(value("conflict")).isEqualTo("mine again");
    // Deleting, too, once the page knows what it has saved.
    assertThat(region(page, "History").getByRole(AriaRole.LISTITEM).first())
        .containsText("mine again");
    put("conflict", "theirs at last");
    button(page, "Delete").click();
    button(page, "Delete it").click();
    assertThat(conflict).isVisible();
    assertThat(value("conflict")).isEqualTo("theirs at last");
  }

  @Test
  void theHistoryIsShownAndBroughtBack() throws Exception {
    put("past", "first");
    put("past", "second");
    send("DELETE", "/v1/keyspaces/default/keys/past", "");
    put("past", "{\n  \"name\": \"third\"\n}");
    Page page = browser.open(ColorScheme.DARK, "keys/default/cGFzdA");
    Locator changes = region(page, "History").getByRole(AriaRole.LISTITEM);
    assertThat(changes).hasCount(4);
    assertThat(changes.nth(0)).containsText("now");
    assertThat(changes.nth(1)).containsText("deleted");
    assertThat(changes.nth(2)).containsText("second");
    ConsoleBrowser.keep(page, "keys-dark");
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    ConsoleBrowser.keep(page, "keys-light");
    changes.nth(3).getByRole(AriaRole.BUTTON).click();
    assertThat(region(page, "Key").locator("textarea")).hasValue("first");
    button(page, "Save").click();
    assertThat(page.getByText("Saved.")).isVisible();
    assertThat(value("past")).isEqualTo("first");
    assertThat(changes).hasCount(5);
    // An hour ago there was nothing, as far as the node still knows.
    page.getByLabel("As of").selectOption("-10s");
    assertThat(page.getByText("As it was then")).isVisible();
    assertThat(button(page, "Save")).isHidden();
  }

  @Test
  void keyspacesComeChangeAndGo() {
    Page page = browser.open(ColorScheme.LIGHT, "keyspaces");
    button(page, "New keyspace").click();
    page.getByLabel("Name").fill("default");
    button(page, "Create it").click();
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("default");
    page.getByLabel("Name").fill("orders");
    page.getByLabel("Partitions").selectOption("4");
    page.getByLabel("History, s").fill("60");
    ConsoleBrowser.keep(page, "keyspace-form-light");
    button(page, "Create it").click();
    Locator row =
        page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("orders"));
    assertThat(row).containsText("1 min");
    button(page, "Change orders").click();
    page.getByLabel("Limit, MiB").fill("512");
    button(page, "Change it").click();
    assertThat(row).containsText("512 MiB");
    ConsoleBrowser.keep(page, "keyspaces-light");
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    ConsoleBrowser.keep(page, "keyspaces-dark");
    button(page, "Drop orders").click();
    assertThat(button(page, "Drop it")).isDisabled();
    page.getByLabel("Its name once more").fill("orders");
    button(page, "Drop it").click();
    assertThat(row).hasCount(0);
  }

  @Test
  void anyBytesAreShownAndNoneIsTakenForMarkup() throws Exception {
    put("%3Cimg%20src=x%20onerror=alert(1)%3E", "<script>alert(1)</script>");
    put("bin%00%FF", "text");
    Page page = browser.open(ColorScheme.DARK, "keys/default");
    page.onDialog(dialog -> {
      throw new AssertionError(dialog.message());
    });
    Locator links = region(page, "List of keys").getByRole(AriaRole.LINK);
    page.getByLabel("Keys that begin with").fill("<img");
    assertThat(links).hasCount(1);
    links.click();
    Locator field = region(page, "Key").locator("textarea");
    assertThat(field).hasValue("<script>alert(1)</script>");
    assertThat(page.locator("main img, main script")).hasCount(0);
    page.getByLabel("Keys that begin with").fill("bin\\x00");
    assertThat(links).hasText("bin\\x00\\xff");
    links.click();
    assertThat(field).hasValue("text");
    page.getByLabel("How the value is written").selectOption("base64");
    assertThat(field).hasValue("dGV4dA==");
    field.fill("AP8=");
    button(page, "Save").click();
    assertThat(page.getByText("Saved.")).isVisible();
    HttpResponse<byte[]> stored =
        client.send(
            HttpRequest.newBuilder(
                    URI.create(
                        "http://127.0.0.1:"
                            + node.httpPort()
                            + "/v1/keyspaces/default/keys/bin%00%FF"))
                .build(),
            BodyHandlers.ofByteArray());
    assertThat(stored.body()).containsExactly(0, -1);
    field.fill("%");
    button(page, "Save").click();
    assertThat(page.getByText("This is no base64.")).isVisible();
  }
}
