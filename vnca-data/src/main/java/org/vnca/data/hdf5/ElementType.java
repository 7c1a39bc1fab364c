package org.vnca.data.hdf5;

import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The type of an array's elements.
 *
 * @param kind what they are
 * @param size bytes of an element in the file
 * @param signed whether an integer (or an enumeration's) has a sign
 * @param order the bytes' order
 * @param bitOffset the lowest bit that counts, of integers, enumerations and bit fields
 * @param precision how many bits count
 * @param names an enumeration's values by name, in the order of the file; empty for other kinds
 * @param text how text is stored; null for other kinds
 * @param floating where a floating-point number's parts lie; null for other kinds
 * @param name for messages, such as {@code uint8}, {@code big-endian int16} or {@code compound}
 */
public record ElementType(
    Kind kind,
    int size,
    boolean signed,
    ByteOrder order,
    int bitOffset,
    int precision,
    Map<String, Long> names,
    Text text,
    FloatingParts floating,
    String name) {
  /** What elements are. */
  public enum Kind {
    /** Whole numbers. */
    INTEGER,
    /** Floating-point numbers. */
    FLOAT,
    /** Whole numbers with names; h5py's booleans are FALSE = 0 and TRUE = 1. */
    ENUM,
    /** Bits, read as whole numbers without sign. */
    BITFIELD,
    /** Text, of one length or each of its own. */
    STRING,
    /** Anything else; such arrays have a shape, but their elements cannot be read. */
    OTHER
  }

  /** How text is stored: what ends it. */
  public enum Text {
    /** In place, ended by a zero byte. */
    ZERO_TERMINATED,
    /** In place, filled up with zero bytes. */
    ZERO_PADDED,
    /** In place, filled up with spaces. */
    SPACE_PADDED,
    /** Elsewhere in the file, each of a length of its own. */
    VARIABLE
  }

  /**
   * Bits of a floating-point number, counted from the lowest.
   *
   * @param sign place of the sign
   * @param exponent place of the exponent's lowest bit
   * @param exponentBits bits of the exponent
   * @param mantissa place of the mantissa's lowest bit
   * @param mantissaBits bits of the mantissa
   * @param bias of the exponent
   * @param impliedBit whether a leading one is not stored
   */
  public record FloatingParts(
      int sign,
      int exponent,
      int exponentBits,
      int mantissa,
      int mantissaBits,
      long bias,
      boolean impliedBit) {}

  public ElementType {
    names = Collections.unmodifiableMap(new LinkedHashMap<>(names));
  }

  /**
   * Whether the elements are h5py's booleans or the like: an enumeration of one byte with the
   * values 0 and 1, whose names do not say the contrary.
   */
  public boolean isBoolean() {
    return kind == Kind.ENUM
        && size == 1
        && names.size() == 2
        && names.containsValue(0L)
        && names.containsValue(1L)
        && names.entrySet().stream()
            .noneMatch(
                member ->
                    member.getKey().equalsIgnoreCase(member.getValue() == 0 ? "true" : "false"));
  }

  /** Whether {@link Hdf5Array#longs} reads it. */
  public boolean isWhole() {
    return kind == Kind.INTEGER || kind == Kind.ENUM || kind == Kind.BITFIELD;
  }

  @Override
  public String toString() {
    return name;
  }
}
