package io.distkv.simulation.cluster.fault;

/** All ways of the network are as they were at first. */
record Mend() implements Fault {
  @Override
  public void strike(Site site) {
    site.network().heal();
  }

  @Override
  public String words() {
    return "the network is mended";
  }
}
