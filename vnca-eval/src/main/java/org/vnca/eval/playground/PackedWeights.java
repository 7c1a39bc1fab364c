package org.vnca.eval.playground;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights as the page holds them: all tensors one behind the other, little-endian.
 *
 * @param format of a number
 * @param tensors in their order
 * @param base64 of all numbers
 * @param faults of tensors with numbers that are not finite, a line each
 */
record PackedWeights(
    WeightFormat format, List<Tensor> tensors, String base64, List<String> faults) {
  PackedWeights {
    tensors = List.copyOf(tensors);
    faults = List.copyOf(faults);
  }

  /**
   * One tensor.
   *
   * @param name as in checkpoints
   * @param shape its sizes
   * @param first where it begins, in numbers
   * @param scale by which each number that is written is to be multiplied, a power of two
   */
  record Tensor(String name, List<Integer> shape, int first, double scale) {}

  /**
   * Packs.
   *
   * @param shapes of the tensors, by name
   * @param values of those and others, by name, flattened row by row
   */
  static PackedWeights of(
      Map<String, int[]> shapes, Map<String, float[]> values, WeightFormat format) {
    int count = shapes.keySet().stream().mapToInt(name -> values.get(name).length).sum();
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(count, format.bytes()));
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    List<Tensor> tensors = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    int first = 0;
    for (Map.Entry<String, int[]> entry : shapes.entrySet()) {
      String name = entry.getKey();
      float[] numbers = values.get(name);
      int exponent = format == WeightFormat.FLOAT16 ? exponent(numbers) : 0;
      put(bytes, numbers, exponent, format);
      tensors.add(
          new Tensor(
              name,
              Arrays.stream(entry.getValue()).boxed().toList(),
              first,
              Math.scalb(1.0, exponent)));
      first += numbers.length;
      fault(name, numbers, faults);
    }
    return new PackedWeights(
        format, tensors, Base64.getEncoder().encodeToString(bytes.array()), faults);
  }

  /** How many numbers there are. */
  static long count(Map<String, int[]> shapes) {
    return shapes.values().stream()
        .mapToLong(shape -> Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b))
        .sum();
  }

  private static void put(ByteBuffer bytes, float[] numbers, int exponent, WeightFormat format) {
    for (float number : numbers) {
      if (format == WeightFormat.FLOAT16) {
        bytes.putShort(Float16.of(Math.scalb(number, -exponent)));
      } else {
        bytes.putFloat(number);
      }
    }
  }

  /** By which the largest finite number becomes one near the largest that 16 bits can say. */
  private static int exponent(float[] numbers) {
    float largest = 0;
    for (float number : numbers) {
      if (Float.isFinite(number)) {
        largest = Math.max(largest, Math.abs(number));
      }
    }
    return largest == 0 ? 0 : Math.getExponent(largest) - (Float16.LARGEST_EXPONENT - 1);
  }

  private static void fault(String name, float[] numbers, List<String> faults) {
    int wrong = 0;
    for (float number : numbers) {
      wrong += Float.isFinite(number) ? 0 : 1;
    }
    if (wrong > 0) {
      faults.add(
          "%d of %d numbers of %s are not finite, so the states will not be numbers either"
              .formatted(wrong, numbers.length, name));
    }
  }

  /** What the page says of them. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", format.id());
    fields.put("tensors", tensors);
    return fields;
  }
}
