package io.distkv.client;

import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;

import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has a channel to one address tell how its connection is: above all, that it is being made again.
 * Called in the channel's synchronization context.
 *
 * <p>gRPC's own policy ({@code pick_first}, its proposal A62) says TRANSIENT_FAILURE from the first
 * vain try to connect until one succeeds, and fails every call meanwhile, also those that are made
 * while it connects. It means to keep an outage from holding up calls. For a client that tries
 * again it does harm: its retries are over before a connection can be made. And since no change can
 * be seen from one vain try to the next, the client's own waits between them would never begin.
 * Here a call that meets a connection in the making waits for what comes of that one try.
 */
final class OneAddressBalancer extends LoadBalancer {
  private static final String POLICY = "distkv_one_address";

  static {
    LoadBalancerRegistry.getDefaultRegistry().register(new Provider());
  }

  private final Helper helper;
  private @Nullable Subchannel connection;

  private OneAddressBalancer(Helper helper) {
    this.helper = helper;
  }

  /** What a channel is to be told to use; known to gRPC from the first call on. */
  static String policy() {
    return POLICY;
  }

  @Override
  public Status acceptResolvedAddresses(ResolvedAddresses resolved) {
    List<EquivalentAddressGroup> addresses = resolved.getAddresses();
    Subchannel known = connection;
    if (addresses.isEmpty()) {
      Status none = Status.UNAVAILABLE.withDescription("the name has no address");
      handleNameResolutionError(none);
      return none;
    }
    if (known != null) {
      known.updateAddresses(addresses);
      return Status.OK;
    }
    Subchannel made =
        helper.createSubchannel(CreateSubchannelArgs.newBuilder().setAddresses(addresses).build());
    connection = made;
    made.start(state -> changed(made, state));
    made.requestConnection();
    return Status.OK;
  }

  @Override
  public void handleNameResolutionError(Status error) {
    if (connection == null) {
      // The first of both makes each vain try a change, which whoever watches the state can see.
      tell(CONNECTING, PickResult.withNoResult());
      tell(TRANSIENT_FAILURE, PickResult.withError(error));
    }
  }

  private void changed(Subchannel made, ConnectivityStateInfo state) {
    switch (state.getState()) {
      case CONNECTING -> tell(CONNECTING, PickResult.withNoResult());
      case READY -> tell(READY, PickResult.withSubchannel(made));
      case TRANSIENT_FAILURE -> {
        helper.refreshNameResolution();
        tell(TRANSIENT_FAILURE, PickResult.withError(state.getStatus()));
      }
      case IDLE -> {
        // It was up: there is no reason to wait.
        helper.refreshNameResolution();
        tell(CONNECTING, PickResult.withNoResult());
        made.requestConnection();
      }
      case SHUTDOWN -> {}
    }
  }

  private void tell(ConnectivityState state, PickResult result) {
    helper.updateBalancingState(state, new FixedResultPicker(result));
  }

  @Override
  public void shutdown() {
    Subchannel last = connection;
    if (last != null) {
      last.shutdown();
    }
  }

  /** By which gRPC finds it. */
  private static final class Provider extends LoadBalancerProvider {
    @Override
    public boolean isAvailable() {
      return true;
    }

    @Override
    public int getPriority() {
      return 5;
    }

    @Override
    public String getPolicyName() {
      return POLICY;
    }

    @Override
    public LoadBalancer newLoadBalancer(Helper helper) {
      return new OneAddressBalancer(helper);
    }
  }
}
