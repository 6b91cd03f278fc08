package io.distkv.client;

import io.distkv.client.codec.Codec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** How a client has been built; {@link DistKvBuilder} tells what each of these means. */
record ClientOptions(
    List<Address> addresses,
    Duration deadline,
    RetryPolicy retries,
    Batching batching,
    Limits limits,
    Duration keepAlive,
    Executor executor,
    ClientObserver observer,
    Consumer<Health> healthListener,
    Map<Class<?>, Codec<?>> codecs) {}
