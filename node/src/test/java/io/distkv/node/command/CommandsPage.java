package io.distkv.node.command;

import io.distkv.base.Limits;
import io.distkv.node.command.CommandSpec.Docs;
import java.util.List;
import java.util.Locale;

/** Makes docs/commands.md from the command table. */
final class CommandsPage {
  private static final String HEAD =
      """
      # Commands

      Every command that a node answers over the Redis protocol, made from its command table. Replies,
      error texts and odd cases are those of Redis 7.0; what differs on purpose is listed at the end.
      Commands of data types other than strings answer `ERR unknown command`.

      A keyspace of one partition, such as `default`, runs every command atomically over all its keys.
      In a keyspace of more partitions, commands that only read gather their keys from all of them, and a
      command that writes keys of several partitions answers `CROSSSLOT`: keys with the same `{hash tag}`
      are always in one partition.

      """;

  private CommandsPage() {}

  static String markdown(CommandTable table) {
    StringBuilder page = new StringBuilder(HEAD);
    for (Group group : Group.values()) {
      List<CommandSpec> specs =
          table.commands().stream().filter(spec -> spec.docs().group() == group).toList();
      String title = group.name().charAt(0) + group.name().substring(1).toLowerCase(Locale.ROOT);
      page.append("## ").append(title).append("\n\n");
      String since = group == Group.VERSIONED ? "DistKV" : "Redis";
      page.append("| command | what it does | time | since %s |\n".formatted(since));
      page.append("|---|---|---|---|\n");
      for (CommandSpec spec : specs) {
        if (spec.subcommands().isEmpty() || spec.arity() == -1) {
          addRow(page, spec);
        }
        spec.subcommands().forEach(sub -> addRow(page, sub));
      }
      page.append('\n');
    }
    return page.append(differences()).toString();
  }

  private static String differences() {
    int mebibytes = Limits.MAX_BATCH_BYTES >> 20;
    return """
    ## What differs from Redis

    | subject | here |
    |---|---|
    | keys | have 1 to %,d bytes; the empty key is an error, and a longer one answers `TOOLARGE` |
    | values | have at most %,d bytes; where Redis says `ERR string exceeds maximum allowed size (proto-max-bulk-len)`, the answer is `TOOLARGE` with this limit. Bit offsets end where values end |
    | keys in one command | at most %,d, else `TOOLARGE` |
    | `LCS` | its table may take %d MiB, at two bytes for each pair of bytes |
    | `KEYS` | refuses with `TOOLARGE` what would take more than %d MiB to answer |
    | `SCAN` | goes through the keys in order; a `MATCH` pattern with a literal beginning looks only at keys that begin so. A call looks at 100,000 keys at most and ends early when it has found 1 MiB of keys. Cursors stay below 2^53 and survive restarts; a key that is there during the whole scan is always returned, some may come twice |
    | `RANDOMKEY` | every key can come, but not each with the same chance |
    | `COPY` | not to another keyspace |
    | `OBJECT ENCODING` | what Redis would choose for the value if it was just set |
    | `OBJECT IDLETIME` | counts from the last write: reads leave no trace |
    | `OBJECT REFCOUNT` | always 1 |
    | `TOUCH` | counts the keys and changes nothing |
    | `DBSIZE` | never counts keys that have expired |
    | `MULTI` | a transaction that writes keeps to one partition of one keyspace, watched keys included, else `CROSSSLOT`. `FLUSHALL` and `FLUSHDB` in it reach everything that they name: its own partition with the transaction, the others right after it |
    | `INFO keyspace` | `keys` and `expires` are bounds from above that cost nothing: each write since the last flush counts as a key of its own. `DBSIZE` counts exactly. `bytes` is what tables and memtables take, `max_bytes` the limit, 0 for none |
    | `SELECT` | also takes the name of a keyspace |
    | `KEYSPACE` | is ours alone: keyspaces that are created, altered, dropped, listed and described while the node runs |
    | `CLIENT` | without the subcommands for tracking, pausing and unblocking; with `SETINFO` and `NO-TOUCH` of Redis 7.2 |
    | `CONFIG` | without `REWRITE` |
    | `COMMAND DOCS` | tells no history; summaries and complexities are those of this implementation |
    """
        .formatted(
            Limits.MAX_KEY_BYTES,
            Limits.MAX_VALUE_BYTES,
            Limits.MAX_BATCH_OPERATIONS,
            mebibytes,
            mebibytes);
  }

  private static void addRow(StringBuilder page, CommandSpec spec) {
    Docs docs = spec.docs();
    String words = spec.name().toUpperCase(Locale.ROOT).replace('|', ' ');
    String syntax = (words + " " + Syntax.readable(docs.syntax())).strip().replace("|", "\\|");
    String since = docs.since().startsWith("0.") ? "not in Redis" : docs.since();
    String old =
        docs.replacedBy().isEmpty() ? "" : " Better: " + docs.replacedBy().replace("!", "") + ".";
    String summary = docs.summary().endsWith(".") ? docs.summary() : docs.summary() + ".";
    page.append(
        "| %s | %s | %s | %s |\n"
            .formatted("`" + syntax + "`", summary + old, docs.complexity(), since));
  }
}
