package org.vnca.graph.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.Runs;
import org.vnca.graph.spec.Precision;

class WinogradTest {

  /** Several images, so that a mix-up of tiles and images would show; not as many in as out. */
  @ParameterizedTest
  @CsvSource({"16,64,96,3", "32,96,64,1", "20,64,64,2", "4,5,7,3"})
  void threeProducts_areThoseOfTheConvolution_toAFewRoundings(
      int side, int in, int out, int batch) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Map<Operand<?>, TFloat32> feeds = new LinkedHashMap<>();
      Operand<TFloat32> x = Fed.normal(tf, feeds, 1, batch, side, side, in);
      Operand<TFloat32> weight = Fed.normal(tf, feeds, 2, 3, 3, in, out);
      Operand<TFloat32> dy = Fed.normal(tf, feeds, 3, batch, side, side, out);
      Products direct = new DirectProducts(3, in, out, 1, 1, true, Precision.FLOAT32);
      Winograd tiles = new Winograd(side, in, out);
      Operand<?> kernel = tiles.prepared(tf, weight);
      Operand<?> read = tiles.inputForm(tf, x);
      List<float[]> got =
          Runs.fetch(
              session,
              feeds,
              List.of(
                  direct.output(tf, x, weight),
                  direct.ofInput(tf, x, weight, dy),
                  direct.ofKernel(tf, x, dy),
                  tiles.output(tf, read, kernel),
                  tiles.ofInput(tf, read, kernel, dy),
                  tiles.ofKernel(tf, read, dy)));
      for (int i = 0; i < 3; i++) {
        float[] expected = got.get(i);
        float[] tiled = got.get(3 + i);
        assertThat(tiled).hasSameSizeAs(expected);
        double spread = rms(expected, new float[expected.length]);
        assertThat(rms(tiled, expected) / spread).as("product " + i).isBetween(1e-8, 3e-6);
        assertThat(most(tiled, expected) / spread).as("product " + i).isLessThan(5e-5);
      }
      feeds.values().forEach(TFloat32::close);
    }
  }

  @Test
  void convolution_takesTiles_onlyWhereTheyGain() {
    Convolution wide = Convolution.same("c", 3, 96, 128);
    assertThat(wide.special()).isEmpty();
    assertThat(wide.onGrid(16).special()).contains(new Winograd(16, 96, 128));
    assertThat(wide.onGrid(8).special()).as("small grid").isEmpty();
    assertThat(wide.onGrid(18).special()).as("not of whole tiles").isEmpty();
    assertThat(Convolution.same("c", 3, 64, 128).onGrid(16).special()).as("few channels").isEmpty();
    assertThat(Convolution.same("c", 1, 128, 128).onGrid(16).special()).as("1x1").isEmpty();
    assertThat(wide.withPrecision(Precision.BFLOAT16).onGrid(16).special())
        .as("bfloat16")
        .isEmpty();
    assertThat(wide.onGrid(16).onGrid(8).special()).as("another grid").isEmpty();
  }

  private static double rms(float[] got, float[] expected) {
    double sum = 0;
    for (int i = 0; i < got.length; i++) {
      double difference = (double) got[i] - expected[i];
      sum += difference * difference;
    }
    return Math.sqrt(sum / got.length);
  }

  private static double most(float[] got, float[] expected) {
    double most = 0;
    for (int i = 0; i < got.length; i++) {
      most = Math.max(most, Math.abs((double) got[i] - expected[i]));
    }
    return most;
  }
}
