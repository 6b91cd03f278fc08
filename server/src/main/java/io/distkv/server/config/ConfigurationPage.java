package io.distkv.server.config;

import java.util.Locale;

/**
 * Writes docs/configuration.md from the tables of settings, so that the page cannot disagree with
 * the program.
 */
final class ConfigurationPage {
  private static final String HEAD =
      """
      # Configuration

      A node needs no configuration. What it is told comes from four places, each overriding those
      before it:

      1. the defaults below;
      2. a file: the one named by `--config FILE`, else `distkv.yaml` in the working folder if there
         is one;
      3. environment variables;
      4. `--set name=value` on the command line, as often as you like. `--data` is short for
         `--set data=`; `--resp-port`, `--http-port` and `--grpc-port` are for `--set resp.port=` and so on.

      Everything is checked before the node starts. A setting that is unknown or has a value that is
      not allowed stops the start with one line that names the place, the setting and the allowed
      values, and exit status 78:

      ```
      distkv.yaml:3: resp.prot: unknown setting; did you mean resp.port?; allowed: resp.bind, resp.port, resp.backlog
      ```

      Names with dots are sections in the file; both ways of writing them mean the same:

      ```yaml
      resp:
        port: 7000
      log.format: json
      keyspaces:
        - name: default
          partitions: 16
        - name: sessions
          number: 1
          durability: interval
          interval: 100ms
      ```

      Sizes are written `4096`, `64KiB`, `16MiB`, `2GiB` or `1TiB`; durations `500us`, `20ms`, `10s`,
      `5m`, `1h` or `7d`; shares of the heap `35%`.

      This page is made from the program's own tables of settings, and a test keeps it true.

      ## Settings of the node

      *Changeable* settings may be changed while the node runs, with `CONFIG SET`; the change lasts
      until the node stops. `CONFIG GET` shows all of them, by the name below or by their name in
      Redis.

      """;

  private static final String KEYSPACES =
      """
      ## Settings of a keyspace

      `keyspaces` is a list; each entry has a `name` and any of the settings below. On the command
      line a keyspace's setting is `--set keyspaces.NAME.SETTING=value`, in the environment
      `DISTKV_KEYSPACES_NAME_SETTING` (`maxBytes` is `MAX_BYTES` there). Keyspaces that are not listed but counted by `databases` have
      the defaults. A keyspace that is no longer listed keeps its data and its settings.

      Keyspaces can also be created, altered and dropped while the node runs, with `KEYSPACE`
      ([commands.md](commands.md)). At a start, each setting of a keyspace that is named here, in the
      environment or on the command line wins over what `KEYSPACE ALTER` made of it; a setting that is
      not named stays as it was last, be it by an earlier configuration or by `KEYSPACE ALTER`. The
      defaults below are those of a new keyspace.

      """;

  private ConfigurationPage() {}

  static String markdown() {
    StringBuilder page = new StringBuilder(HEAD);
    for (Setting<?> setting : ServerSettings.TABLE.settings()) {
      describe(setting, page);
      page.append("- environment: `").append(setting.environmentName()).append("`\n");
      setting
          .redis()
          .ifPresent(redis -> page.append("- name in Redis: `").append(redis.name()).append("`\n"));
      page.append("- changeable: ").append(setting.changeable() ? "yes" : "no").append("\n\n");
    }
    page.append(KEYSPACES);
    for (Setting<?> setting : KeyspaceSettings.TABLE.settings()) {
      describe(setting, page);
      page.append('\n');
    }
    page.setLength(page.length() - 1);
    return page.toString();
  }

  private static void describe(Setting<?> setting, StringBuilder page) {
    page.append("### ").append(setting.name()).append("\n\n");
    page.append(setting.meaning()).append("\n\n");
    page.append("- type: ").append(setting.type().name().toLowerCase(Locale.ROOT)).append("\n");
    page.append("- allowed: ").append(setting.type().allowed()).append("\n");
    page.append("- default: ")
        .append(setting.defaultText().isEmpty() ? "none" : "`" + setting.defaultText() + "`")
        .append("\n");
  }
}
