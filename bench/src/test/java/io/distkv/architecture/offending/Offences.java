package io.distkv.architecture.offending;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.ref.WeakReference;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jdk.jfr.Event;

/** Code that does what deterministic code must not; never run, only looked at. */
@SuppressWarnings("all")
public final class Offences {
  /** Which ban a method breaks. */
  @Retention(RetentionPolicy.RUNTIME)
  public @interface Breaks {
    String value();
  }

  enum Colour {
    RED,
    GREEN
  }

  record Painted(Colour colour, int number) {}

  record Numbered(int number) {}

  static final class Faceless {}

  static final class KeepsEnums {
    final Map<Colour, String> names = new HashMap<>();
  }

  static final class KeepsRecordsOfEnums {
    final HashMap<Painted, String> names = new HashMap<>();
  }

  static final class KeepsThingsWithoutAHash {
    final Set<Faceless> faceless = new HashSet<>();
  }

  static final class AllowedThings {
    final EnumMap<Colour, String> names = new EnumMap<>(Colour.class);
    final Map<Numbered, String> numbered = new HashMap<>();
    final Map<String, Faceless> faceless = new HashMap<>();
    final Set<String> one = Set.of("one");
    final Map<String, String> pair = Map.of("one", "two");
    final Instant fixed = Instant.ofEpochMilli(1);

    void fails() throws IOException {
      throw new java.nio.file.NoSuchFileException("none");
    }
  }

  static final class AllowedOrder {
    final Map<Faceless, String> ordered = new LinkedHashMap<>();
    final Set<Colour> colours = EnumSet.noneOf(Colour.class);
  }

  @Breaks("read a clock")
  static long readsMillis() {
    return System.currentTimeMillis();
  }

  @Breaks("read a clock")
  static long readsNanos() {
    return System.nanoTime();
  }

  @Breaks("read a clock")
  static Instant readsInstant() {
    return Instant.now();
  }

  @Breaks("read a clock")
  static java.time.Clock readsSystemClock() {
    return java.time.Clock.systemUTC();
  }

  @Breaks("read a clock")
  static Date readsDate() {
    return new Date();
  }

  @Breaks("read a clock")
  static java.util.function.LongSupplier readsThroughAReference() {
    return System::nanoTime;
  }

  @Breaks("make or ask for a thread")
  static void makesThread() {
    new Thread(() -> {}).start();
  }

  @Breaks("make or ask for a thread")
  static void sleeps() throws InterruptedException {
    Thread.sleep(1);
  }

  @Breaks("make or ask for a thread")
  static Object makesPool() {
    return Executors.newCachedThreadPool();
  }

  @Breaks("make or ask for a thread")
  static void usesCommonPool() {
    ForkJoinPool.commonPool().execute(() -> {});
  }

  @Breaks("wait for another thread")
  static void awaitsLatch() throws InterruptedException {
    new CountDownLatch(1).await();
  }

  @Breaks("wait for another thread")
  static void parks() {
    LockSupport.park();
  }

  @Breaks("wait on a monitor or a future")
  void waits() throws InterruptedException {
    wait();
  }

  @Breaks("wait on a monitor or a future")
  static Object joins(CompletableFuture<String> future) {
    return future.join();
  }

  @Breaks("let a future choose its thread")
  static Object suppliesAsync() {
    return CompletableFuture.supplyAsync(() -> 1);
  }

  @Breaks("let a future choose its thread")
  static Object continuesAsync(CompletableFuture<String> future) {
    return future.thenApplyAsync(String::length);
  }

  @Breaks("let a future choose its thread")
  static Object timesOut(CompletableFuture<String> future) {
    return future.orTimeout(1, TimeUnit.SECONDS);
  }

  @Breaks("use a random source")
  static int usesRandom() {
    return new Random().nextInt();
  }

  @Breaks("use a random source")
  static int usesThreadLocalRandom() {
    return ThreadLocalRandom.current().nextInt();
  }

  @Breaks("use a random source")
  static int usesSecureRandom() {
    return new SecureRandom().nextInt();
  }

  @Breaks("use a hidden random source")
  static UUID usesUuid() {
    return UUID.randomUUID();
  }

  @Breaks("use a hidden random source")
  static double usesMath() {
    return Math.random();
  }

  @Breaks("use a hidden random source")
  static void shuffles(List<String> list) {
    Collections.shuffle(list);
  }

  @Breaks("use an identity hash")
  static int hashesIdentity(Object any) {
    return System.identityHashCode(any);
  }

  @Breaks("use an identity hash")
  static int hashesEnum(Colour colour) {
    return colour.hashCode();
  }

  @Breaks("use an identity hash")
  static Object mapsByIdentity() {
    return new IdentityHashMap<>();
  }

  @Breaks("make a set or map whose order changes with every start of the JVM")
  static Set<String> makesSet() {
    return Set.of("one", "two");
  }

  @Breaks("make a set or map whose order changes with every start of the JVM")
  static Map<String, String> makesMap() {
    return Map.of("one", "two", "three", "four");
  }

  @Breaks("make a set or map whose order changes with every start of the JVM")
  static Set<String> copiesSet(List<String> list) {
    return Set.copyOf(list);
  }

  @Breaks("make a set or map whose order changes with every start of the JVM")
  static Set<String> collectsSet(List<String> list) {
    return list.stream().collect(Collectors.toUnmodifiableSet());
  }

  @Breaks("touch a file")
  static Object readsFile() throws IOException {
    return Files.readAllBytes(Path.of("any"));
  }

  @Breaks("touch a file")
  static Object opensChannel(Path path) throws IOException {
    return FileChannel.open(path);
  }

  @Breaks("touch a file")
  static Object opensStream() throws IOException {
    return new FileInputStream("any");
  }

  @Breaks("open a socket")
  static Object opensSocket() throws IOException {
    return new Socket("localhost", 1);
  }

  @Breaks("run a stream in parallel")
  static long streamsInParallel(List<String> list) {
    return list.parallelStream().count();
  }

  @Breaks("run a stream in parallel")
  static long turnsParallel() {
    return IntStream.range(0, 10).parallel().count();
  }

  @Breaks("run a stream in parallel")
  static void sortsInParallel(int[] numbers) {
    java.util.Arrays.parallelSort(numbers);
  }

  @Breaks("depend on the garbage collector")
  static Object refersWeakly() {
    return new WeakReference<>("any");
  }

  @Breaks("ask the machine or its settings")
  static int countsProcessors() {
    return Runtime.getRuntime().availableProcessors();
  }

  @Breaks("ask the machine or its settings")
  static Object readsProperty() {
    return System.getProperty("any");
  }

  @Breaks("record events or log by itself")
  static void recordsEvent(Event event) {
    event.commit();
  }

  @Breaks("print")
  static void prints() {
    System.out.println();
  }

  @Breaks("print")
  static void printsTrace(Exception e) {
    e.printStackTrace();
  }

  @Breaks("let a cache read the clock or the garbage collector")
  static Object expires() {
    return Caffeine.newBuilder().expireAfterWrite(Duration.ofSeconds(1)).build();
  }

  @Breaks("let a cache evict on the common pool")
  static Object caches() {
    return new ArrayList<>(List.of(Caffeine.newBuilder().build()));
  }
}
