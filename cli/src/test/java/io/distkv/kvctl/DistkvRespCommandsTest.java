package io.distkv.kvctl;

import java.io.IOException;
import java.nio.file.Path;

/** A node spoken to as other servers of Redis's protocol are. */
final class DistkvRespCommandsTest extends CommandsContract {
  @Override
  TestNode start(Path folder) throws IOException {
    return DistkvNode.startForResp(folder);
  }
}
