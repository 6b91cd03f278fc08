package io.distkv.kvctl.bench;

import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Chooses the key of an operation: a number from 0 up to, but not including, the number of keys.
 */
sealed interface KeyChooser {
  long next(RandomGenerator random);

  /** The names that --distribution takes. */
  enum Distribution {
    uniform,
    zipf,
    sequential
  }

  static KeyChooser of(Distribution distribution, long keys, double exponent) {
    return switch (distribution) {
      case uniform -> new Uniform(keys);
      case zipf -> new Zipf(keys, exponent);
      case sequential -> new Sequential(keys, new AtomicLong());
    };
  }

  /** Every key equally often. */
  record Uniform(long keys) implements KeyChooser {
    @Override
    public long next(RandomGenerator random) {
      return random.nextLong(keys);
    }
  }

  /** All connections together go through the keys in order, over and over. */
  record Sequential(long keys, AtomicLong counter) implements KeyChooser {
    @Override
    public long next(RandomGenerator random) {
      return Math.floorMod(counter.getAndIncrement(), keys);
    }
  }

  /**
   * A few keys most of the time: the key of rank k comes with probability proportional to 1 /
   * k^exponent. Ranks are scattered over the keys, so that the hot ones are no neighbours.
   *
   * <p>By rejection-inversion (Hörmann and Derflinger, 1996): constant time and memory, where a
   * table of cumulated probabilities would need a pass over all keys.
   */
  final class Zipf implements KeyChooser {
    private final long keys;
    private final double exponent;
    private final double integralOfFirst;
    private final double integralOfAll;
    private final double shortcut;
    private final long stride;

    Zipf(long keys, double exponent) {
      this.keys = keys;
      this.exponent = exponent;
      this.integralOfFirst = integral(1.5) - 1;
      this.integralOfAll = integral(keys + 0.5);
      this.shortcut = 2 - inverse(integral(2.5) - weight(2));
      this.stride = coprimeStride(keys);
    }

    @Override
    public long next(RandomGenerator random) {
      return Math.floorMod((rank(random) - 1) * stride, keys);
    }

    /** A rank, from 1 for the most frequent. */
    long rank(RandomGenerator random) {
      while (true) {
        double u = integralOfAll + random.nextDouble() * (integralOfFirst - integralOfAll);
        double x = inverse(u);
        long k = Math.clamp(Math.round(x), 1, keys);
        if (k - x <= shortcut || u >= integral(k + 0.5) - weight((double) k)) {
          return k;
        }
      }
    }

    private double weight(double x) {
      return Math.exp(-exponent * Math.log(x));
    }

    /** The integral of the weight, up to a constant: (x^(1-e) - 1) / (1-e), or log x for e = 1. */
    private double integral(double x) {
      double logX = Math.log(x);
      return growth((1 - exponent) * logX) * logX;
    }

    private double inverse(double y) {
      double t = Math.max(-1, y * (1 - exponent));
      return Math.exp(decay(t) * y);
    }

    /** (e^t - 1) / t, also near 0. */
    private static double growth(double t) {
      return Math.abs(t) > 1e-8 ? Math.expm1(t) / t : 1 + t / 2;
    }

    /** log(1 + t) / t, also near 0. */
    private static double decay(double t) {
      return Math.abs(t) > 1e-8 ? Math.log1p(t) / t : 1 - t / 2;
    }

    /** A step near the golden section of the keys that shares no factor with their number. */
    private static long coprimeStride(long keys) {
      long stride = Math.max(1, (long) (keys * 0.618_033_988_75));
      while (gcd(stride, keys) != 1) {
        stride++;
      }
      return stride;
    }

    private static long gcd(long a, long b) {
      return b == 0 ? a : gcd(b, a % b);
    }
  }
}
