package org.vnca.eval.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackedWeightsTest {
  @Test
  void everyNumberOf16Bits_isItsOwnNearest() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = decoded((short) bits);
      if (Float.isNaN(value)) {
        assertThat(decoded(Float16.of(value))).isNaN();
      } else {
        assertThat(Float16.of(value)).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void aNumberBetweenTwo_becomesTheNearer_orTheEvenOne() {
    for (int bits = 0; bits < 0x7bff; bits += 7) {
      float low = decoded((short) bits);
      float high = decoded((short) (bits + 1));
      float middle = (low + high) / 2;
      int even = bits % 2 == 0 ? bits : bits + 1;
      assertThat(Float16.of(middle)).isEqualTo((short) even);
      assertThat(Float16.of(Math.nextDown(middle))).isEqualTo((short) bits);
      assertThat(Float16.of(Math.nextUp(middle))).isEqualTo((short) (bits + 1));
      assertThat(Float16.of(-Math.nextUp(middle))).isEqualTo((short) (0x8000 | (bits + 1)));
    }
    assertThat(Float16.of(65504f)).isEqualTo((short) 0x7bff);
    assertThat(Float16.of(65520f)).isEqualTo((short) 0x7c00);
    assertThat(Float16.of(Float.NEGATIVE_INFINITY)).isEqualTo((short) 0xfc00);
  }

  @Test
  void weightsOfAnyScale_keepElevenBits() {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    shapes.put("small", new int[] {3, 50});
    shapes.put("large", new int[] {20});
    Map<String, float[]> values =
        Map.of("small", random(150, 1e-12f), "large", random(20, 1e20f), "else", new float[3]);
    PackedWeights packed = PackedWeights.of(shapes, values, WeightFormat.FLOAT16);
    assertThat(packed.tensors()).extracting(PackedWeights.Tensor::first).containsExactly(0, 150);
    assertThat(packed.tensors().get(0).shape()).containsExactly(3, 50);
    ByteBuffer bytes = bytes(packed);
    assertThat(bytes.remaining()).isEqualTo(170 * 2);
    for (PackedWeights.Tensor tensor : packed.tensors()) {
      for (float value : values.get(tensor.name())) {
        double found = decoded(bytes.getShort()) * tensor.scale();
        assertThat(Math.abs(found - value)).isLessThanOrEqualTo(Math.abs(value) / 2048);
      }
    }
  }

  @Test
  void weightsOf32Bits_areTheRunsOwn() {
    float[] values = random(12, 1);
    PackedWeights packed =
        PackedWeights.of(Map.of("a", new int[] {12}), Map.of("a", values), WeightFormat.FLOAT32);
    float[] found = new float[12];
    bytes(packed).asFloatBuffer().get(found);
    assertThat(found).containsExactly(values);
    assertThat(packed.tensors().get(0).scale()).isEqualTo(1);
    assertThat(packed.faults()).isEmpty();
  }

  @Test
  void weightsThatAreNotFinite_areToldAndKept() {
    float[] values = {1, Float.NaN, 2, Float.POSITIVE_INFINITY};
    for (WeightFormat format : WeightFormat.values()) {
      PackedWeights packed =
          PackedWeights.of(Map.of("decoder/a", new int[] {4}), Map.of("decoder/a", values), format);
      assertThat(packed.faults())
          .containsExactly(
              "2 of 4 numbers of decoder/a are not finite, so the states will not be numbers"
                  + " either");
    }
    ByteBuffer half =
        bytes(
            PackedWeights.of(
                Map.of("a", new int[] {4}), Map.of("a", values), WeightFormat.FLOAT16));
    half.getShort();
    assertThat(decoded(half.getShort())).isNaN();
  }

  @Test
  void numbersThatAreNotFinite_areNothingInJson() {
    assertThat(ModelText.json(List.of(Double.NaN, 1.5, Double.POSITIVE_INFINITY)))
        .isEqualTo("[null,1.5,null]");
  }

  private static float[] random(int count, float scale) {
    Random random = new Random(count);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() * scale;
    }
    return values;
  }

  private static ByteBuffer bytes(PackedWeights packed) {
    return ByteBuffer.wrap(Base64.getDecoder().decode(packed.base64()))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** IEEE 754, section 3.4, by its words. */
  private static float decoded(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    float sign = bits < 0 ? -1 : 1;
    if (exponent == 0x1f) {
      return fraction == 0 ? sign * Float.POSITIVE_INFINITY : Float.NaN;
    }
    return exponent == 0
        ? sign * Math.scalb((float) fraction, -24)
        : sign * Math.scalb((float) (0x400 | fraction), exponent - 25);
  }
}
