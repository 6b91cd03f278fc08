package io.distkv.kvctl;

import java.io.IOException;
import java.nio.file.Path;

final class DistkvCommandsTest extends CommandsContract {
  @Override
  TestNode start(Path folder) throws IOException {
    return DistkvNode.start(folder);
  }
}
