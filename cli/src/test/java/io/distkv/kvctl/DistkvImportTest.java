package io.distkv.kvctl;

import java.io.IOException;
import java.nio.file.Path;

final class DistkvImportTest extends ImportContract {
  @Override
  TestNode start(Path folder) throws IOException {
    return DistkvNode.start(folder);
  }
}
