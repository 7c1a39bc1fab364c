package org.vnca.graph.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.vnca.graph.Runs;
import org.vnca.graph.nn.Weights;
import org.vnca.graph.spec.UpdateSpec;

/**
 * What a cell of {@link UpdateSpec.FixedPerception} perceives; gradients: {@link UpdateNetTest}.
 */
class FixedPerceptionTest {
  private static final int SIDE = 5;
  private static final int CHANNELS = 2;
  private static final double[][][] FILTERS = {
    {{0, 0, 0}, {0, 1, 0}, {0, 0, 0}},
    {{-0.125, 0, 0.125}, {-0.25, 0, 0.25}, {-0.125, 0, 0.125}},
    {{-0.125, -0.25, -0.125}, {0, 0, 0}, {0.125, 0.25, 0.125}},
    {
      {1 / 16.0, 2 / 16.0, 1 / 16.0},
      {2 / 16.0, -12 / 16.0, 2 / 16.0},
      {1 / 16.0, 2 / 16.0, 1 / 16.0}
    }
  };

  @Test
  void cells_perceiveThemselvesTheSlopesAndTheLaplacian() {
    Random random = new Random(4);
    float[][][][] states = new float[1][SIDE][SIDE][CHANNELS];
    for (float[][] row : states[0]) {
      for (float[] cell : row) {
        cell[0] = (float) random.nextGaussian();
        cell[1] = (float) random.nextGaussian();
      }
    }
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Rule rule = Rule.of(new UpdateSpec.FixedPerception(3), "net", CHANNELS);
      assertThat(rule.perceive().parameters()).isEmpty();
      float[] got =
          Runs.fetch(
                  session,
                  Map.of(),
                  List.of(
                      rule.perceive().forward(tf, tf.constant(states), Weights.NONE).float32(tf)))
              .get(0);
      int place = 0;
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          for (int i = 0; i < 4 * CHANNELS; i++) {
            // Sobel's three for each channel, then the Laplacian of each.
            int channel = i < 3 * CHANNELS ? i / 3 : i - 3 * CHANNELS;
            double[][] filter = FILTERS[i < 3 * CHANNELS ? i % 3 : 3];
            assertThat((double) got[place++])
                .as("row %d, column %d, perceived %d", y, x, i)
                .isCloseTo(filtered(states[0], y, x, channel, filter), within(1e-6));
          }
        }
      }
    }
  }

  /** Beyond the grid are zeros. */
  private static double filtered(float[][][] states, int y, int x, int channel, double[][] filter) {
    double sum = 0;
    for (int dy = -1; dy <= 1; dy++) {
      for (int dx = -1; dx <= 1; dx++) {
        if (y + dy >= 0 && y + dy < SIDE && x + dx >= 0 && x + dx < SIDE) {
          sum += filter[dy + 1][dx + 1] * states[y + dy][x + dx][channel];
        }
      }
    }
    return sum;
  }
}
