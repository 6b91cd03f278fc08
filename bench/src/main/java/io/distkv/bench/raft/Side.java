package io.distkv.bench.raft;

/** The contenders. */
enum Side {
  OURS("DistKV"),
  JRAFT("SOFAJRaft"),
  RATIS("Ratis");

  private final String title;

  Side(String title) {
    this.title = title;
  }

  Contender newContender() {
    return switch (this) {
      case OURS -> new OurContender();
      case JRAFT -> new JRaftContender();
      case RATIS -> new RatisContender();
    };
  }

  @Override
  public String toString() {
    return title;
  }
}
