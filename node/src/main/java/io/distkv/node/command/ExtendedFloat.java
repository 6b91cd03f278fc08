package io.distkv.node.command;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A floating-point number with 64 bits of mantissa, as INCRBYFLOAT computes with: the x87 {@code
 * long double} of the machines that Redis runs on. Clients see its rounding in the last digits
 * ({@code 0.1 + 0.2} prints as {@code 0.3}), so neither {@code double} nor exact decimals would do.
 *
 * <p>The value is {@code mantissa * 2^exponent}, exactly; each operation is computed exactly and
 * then rounded to nearest, ties to even. Infinity has a null mantissa: it can be read, as Redis
 * reads {@code inf}, but no sum may become it.
 */
record ExtendedFloat(@Nullable BigInteger mantissa, int exponent) {
  static final ExtendedFloat ZERO = new ExtendedFloat(BigInteger.ZERO, 0);

  private static final ExtendedFloat INFINITY = new ExtendedFloat(null, 0);
  private static final int MANTISSA_BITS = 64;
  private static final int MIN_EXPONENT = -16_445;
  private static final int MAX_MAGNITUDE_BITS = 16_384;
  private static final int PRINTED_DECIMALS = 17;

  /** Longer texts are refused, as Redis does. */
  private static final int MAX_TEXT = 5 * 1024 - 1;

  /** Powers of ten beyond which a text of that length can only overflow or vanish. */
  private static final int MAX_POWER = 2 * MAX_TEXT;

  private static final Pattern DECIMAL =
      Pattern.compile("([0-9]*)(?:\\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?");
  private static final Pattern HEXADECIMAL =
      Pattern.compile("0[xX]([0-9a-fA-F]*)(?:\\.([0-9a-fA-F]*))?(?:[pP]([+-]?[0-9]+))?");
  private static final Pattern INFINITE = Pattern.compile("(?i)inf(?:inity)?");

  /** Reads what C's {@code strtold} reads, but neither blanks nor NaN. */
  static ExtendedFloat parse(String text) {
    if (text.isEmpty() || text.length() > MAX_TEXT) {
      throw new CommandException(Errors.NOT_A_FLOAT);
    }
    boolean signed = text.charAt(0) == '-' || text.charAt(0) == '+';
    String body = signed ? text.substring(1) : text;
    ExtendedFloat magnitude;
    Matcher matcher = HEXADECIMAL.matcher(body);
    if (INFINITE.matcher(body).matches()) {
      return INFINITY;
    } else if (matcher.matches()) {
      magnitude = digits(matcher, 16);
    } else {
      matcher = DECIMAL.matcher(body);
      if (!matcher.matches()) {
        throw new CommandException(Errors.NOT_A_FLOAT);
      }
      magnitude = digits(matcher, 10);
    }
    BigInteger mantissa = magnitude.mantissa;
    if (mantissa == null) {
      throw new CommandException(Errors.NOT_A_FLOAT);
    }
    return text.charAt(0) == '-'
        ? new ExtendedFloat(mantissa.negate(), magnitude.exponent)
        : magnitude;
  }

  private static ExtendedFloat digits(Matcher matcher, int radix) {
    String whole = matcher.group(1);
    String fraction = matcher.group(2) == null ? "" : matcher.group(2);
    if (whole.isEmpty() && fraction.isEmpty()) {
      throw new CommandException(Errors.NOT_A_FLOAT);
    }
    BigInteger all = new BigInteger(whole + fraction, radix);
    if (all.signum() == 0) {
      return ZERO;
    }
    long power = matcher.group(3) == null ? 0 : clamp(new BigInteger(matcher.group(3)));
    BigInteger base = radix == 10 ? BigInteger.TEN : BigInteger.TWO;
    power -= (long) fraction.length() * (radix == 10 ? 1 : 4);
    if (radix == 10 && Math.abs(power) > MAX_POWER) {
      throw new CommandException(Errors.NOT_A_FLOAT);
    }
    ExtendedFloat rounded =
        power >= 0
            ? round(all.multiply(base.pow((int) power)), BigInteger.ONE)
            : round(all, base.pow((int) -power));
    if (rounded.mantissa != null && rounded.mantissa.signum() == 0) {
      throw new CommandException(Errors.NOT_A_FLOAT);
    }
    return rounded;
  }

  /** Far more than any exponent that matters, yet small enough to compute with. */
  private static long clamp(BigInteger power) {
    BigInteger bound = BigInteger.valueOf(100_000);
    return power.min(bound).max(bound.negate()).longValueExact();
  }

  /** The sum; ends the command where it would be infinite. */
  ExtendedFloat plus(ExtendedFloat other) {
    if (mantissa == null || other.mantissa == null) {
      throw infinite();
    }
    int lowest = Math.min(exponent, other.exponent);
    BigInteger sum =
        mantissa
            .shiftLeft(exponent - lowest)
            .add(other.mantissa.shiftLeft(other.exponent - lowest));
    BigInteger magnitude = sum.abs();
    ExtendedFloat rounded =
        lowest >= 0
            ? round(magnitude.shiftLeft(lowest), BigInteger.ONE)
            : round(magnitude, BigInteger.ONE.shiftLeft(-lowest));
    if (rounded.mantissa == null) {
      throw infinite();
    }
    return sum.signum() < 0
        ? new ExtendedFloat(rounded.mantissa.negate(), rounded.exponent)
        : rounded;
  }

  private static CommandException infinite() {
    return CommandException.invalid("increment would produce NaN or Infinity");
  }

  /** The nearest number to a fraction that is not negative. */
  private static ExtendedFloat round(BigInteger numerator, BigInteger denominator) {
    if (numerator.signum() == 0) {
      return ZERO;
    }
    int exponent = numerator.bitLength() - denominator.bitLength() - MANTISSA_BITS;
    ExtendedFloat candidate = roundTo(numerator, denominator, Math.max(exponent, MIN_EXPONENT));
    BigInteger mantissa = candidate.mantissa;
    if (mantissa != null && mantissa.bitLength() > MANTISSA_BITS) {
      candidate = roundTo(numerator, denominator, candidate.exponent + 1);
      mantissa = candidate.mantissa;
    }
    boolean overflows =
        mantissa != null && mantissa.bitLength() + candidate.exponent > MAX_MAGNITUDE_BITS;
    return overflows ? INFINITY : candidate;
  }

  /** The nearest multiple of {@code 2^exponent}. */
  private static ExtendedFloat roundTo(BigInteger numerator, BigInteger denominator, int exponent) {
    BigInteger top = exponent < 0 ? numerator.shiftLeft(-exponent) : numerator;
    BigInteger bottom = exponent > 0 ? denominator.shiftLeft(exponent) : denominator;
    BigInteger[] parts = top.divideAndRemainder(bottom);
    int half = parts[1].shiftLeft(1).compareTo(bottom);
    boolean up = half > 0 || (half == 0 && parts[0].testBit(0));
    return new ExtendedFloat(up ? parts[0].add(BigInteger.ONE) : parts[0], exponent);
  }

  /** In plain decimals, 17 of them at most, without zeros at the end. */
  @Override
  public String toString() {
    if (mantissa == null) {
      return "inf";
    }
    BigDecimal exact =
        exponent >= 0
            ? new BigDecimal(mantissa.shiftLeft(exponent))
            : new BigDecimal(mantissa.multiply(BigInteger.valueOf(5).pow(-exponent)), -exponent);
    BigDecimal printed = exact.setScale(PRINTED_DECIMALS, RoundingMode.HALF_EVEN);
    return printed.signum() == 0 ? "0" : printed.stripTrailingZeros().toPlainString();
  }
}
