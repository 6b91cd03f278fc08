package io.distkv.kvctl;

import java.io.IOException;
import java.nio.file.Path;

final class RedisImportTest extends ImportContract {
  @Override
  TestNode start(Path folder) throws IOException {
    return RedisNode.start(folder);
  }
}
