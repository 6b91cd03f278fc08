package io.distkv.kvctl;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tests of commands that only a node of DistKV knows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LiveNode {
  @SuppressWarnings("NullAway.Init")
  TestNode node;

  @BeforeAll
  void startNode(@TempDir Path data) throws IOException {
    node = DistkvNode.start(data);
  }

  @AfterAll
  void stopNode() throws IOException {
    node.close();
  }

  final Ran run(String... arguments) {
    return run(Ran.Setting.PLAIN, arguments);
  }

  final Ran run(Ran.Setting setting, String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--address";
    all[arguments.length + 1] = node.address();
    return setting.run(all);
  }
}
