package org.vnca.graph.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.Runs;
import org.vnca.graph.spec.Precision;

class ProductsTest {
  /** bfloat16 has 8 significant bits: a rounded value is off by at most this share. */
  private static final double HALF_A_UNIT = 1.0 / 256;

  /** What sums in float32 may be off by, as a share of the largest value. */
  private static final double SUMS = 1e-5;

  /** Were the sums themselves in bfloat16, those over 1,000 terms would be off by far more. */
  @ParameterizedTest
  @CsvSource({"1,128,128,1,0", "3,64,32,1,1", "5,1,8,1,4", "5,16,32,2,2", "3,256,16,1,1"})
  void bfloat16_isFloat32OfRoundedOperands_roundedOnce(
      int kernel, int in, int out, int stride, int padding) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      int side = 16;
      int behind = (side + 2 * padding - kernel) / stride + 1;
      boolean same = stride == 1 && padding == kernel / 2;
      Map<Operand<?>, TFloat32> feeds = new LinkedHashMap<>();
      Operand<TFloat32> x = rounded(tf, feeds, 1, 4, side, side, in);
      Operand<TFloat32> weight = rounded(tf, feeds, 2, kernel, kernel, in, out);
      Operand<TFloat32> dy = rounded(tf, feeds, 3, 4, behind, behind, out);
      Products exact =
          new DirectProducts(kernel, in, out, stride, padding, same, Precision.FLOAT32);
      Products coarse =
          new DirectProducts(kernel, in, out, stride, padding, same, Precision.BFLOAT16);
      List<float[]> got =
          Runs.fetch(
              session,
              feeds,
              List.of(
                  exact.output(tf, x, weight),
                  exact.ofInput(tf, x, weight, dy),
                  exact.ofKernel(tf, x, dy),
                  coarse.output(tf, x, weight),
                  coarse.ofInput(tf, x, weight, dy),
                  coarse.ofKernel(tf, x, dy)));
      for (int i = 0; i < 3; i++) {
        assertThat(worst(got.get(3 + i), got.get(i))).isBetween(0.1, 1.0);
      }
      feeds.values().forEach(TFloat32::close);
    }
  }

  /** The largest difference as a share of what rounding allows. */
  private static double worst(float[] got, float[] expected) {
    double most = 0;
    for (float value : expected) {
      most = Math.max(most, Math.abs(value));
    }
    double worst = 0;
    for (int i = 0; i < got.length; i++) {
      double allowed = HALF_A_UNIT * Math.abs(expected[i]) + SUMS * most;
      worst = Math.max(worst, Math.abs(got[i] - expected[i]) / allowed);
    }
    return worst;
  }

  /** Normal numbers that bfloat16 holds exactly. */
  private static Operand<TFloat32> rounded(
      Ops tf, Map<Operand<?>, TFloat32> feeds, long seed, int... shape) {
    Operand<TFloat32> values = Fed.normal(tf, feeds, seed, shape);
    return tf.dtypes.cast(tf.dtypes.cast(values, TBfloat16.class), TFloat32.class);
  }
}
