package io.distkv.kvctl;

import io.distkv.kvctl.store.Store;
import io.distkv.kvctl.text.Bytes;
import io.distkv.kvctl.text.Durations;
import io.distkv.kvctl.wire.ConnectionException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "ttl",
    header = "Prints how long keys have to live.",
    description = "A line for each key: key, tab, time left or 'never'. Missing keys: exit code 1.",
    footer = {"", "Examples:", "  kvctl ttl session:42", "  kvctl ttl -o json a b"})
final class TtlCommand extends Action {
  @Mixin
  @SuppressWarnings("NullAway.Init")
  private KeyArguments keyArguments;

  @Parameters(paramLabel = "KEY", arity = "1..*", description = "The keys.")
  @SuppressWarnings("NullAway.Init")
  private List<String> keys;

  @Override
  protected ExitCode act() throws ConnectionException {
    List<byte[]> parsed = keys.stream().map(keyArguments::parse).toList();
    boolean all = true;
    try (Store store = kvctl().connect()) {
      for (byte[] key : parsed) {
        String shown = "'" + Bytes.escape(key) + "'";
        long millis = store.ttlMillis(key);
        if (millis == Store.ABSENT) {
          all = false;
          shell().flush();
          shell()
              .err()
              .println(
                  "kvctl ttl: no key " + shown + " in keyspace " + kvctl().target().keyspace());
        } else {
          print(key, millis);
        }
      }
    }
    return all ? ExitCode.DONE : ExitCode.PARTIAL;
  }

  private void print(byte[] key, long millis) {
    if (kvctl().json()) {
      ObjectNode result = Json.put(Json.object(), "key", key);
      if (millis >= 0) {
        result.put("ttlMillis", millis);
      } else {
        result.putNull("ttlMillis");
      }
      Json.print(shell(), result);
    } else {
      String left = millis < 0 ? "never" : Durations.show(Duration.ofMillis(millis));
      shell().line(Bytes.escape(key) + "\t" + left);
    }
  }
}
