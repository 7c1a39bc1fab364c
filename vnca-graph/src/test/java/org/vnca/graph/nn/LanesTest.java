package org.vnca.graph.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class LanesTest {
  /** Also where there are fewer rows than lanes, and one is computed for nothing. */
  @ParameterizedTest
  @CsvSource({"1, 1, 1", "1, 2, 2", "2, 3, 3", "5, 2, 2", "6, 3, 3", "7, 4, 4"})
  void everyRow_isComputedOnce_inItsPlace(int rows, int lanes, int parts) {
    float[][] numbers = new float[rows][2];
    for (int i = 0; i < rows; i++) {
      numbers[i] = new float[] {i, -i};
    }
    List<Operand<TFloat32>> given = new ArrayList<>();
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> batch = tf.constant(numbers);
      Operand<TFloat32> doubled =
          new Lanes(lanes)
              .over(
                  tf,
                  batch,
                  2,
                  (lane, part) -> {
                    given.add(part);
                    return lane.math.mul(part, lane.constant(2f));
                  },
                  2);
      try (Result result = session.runner().fetch(doubled).run()) {
        TFloat32 got = (TFloat32) result.get(0);
        assertThat(got.shape()).isEqualTo(Shape.of(rows, 2));
        float[][] expected = new float[rows][2];
        for (int i = 0; i < rows; i++) {
          expected[i] = new float[] {2f * i, -2f * i};
        }
        assertThat(StdArrays.array2dCopyOf(got)).isDeepEqualTo(expected);
      }
      assertThat(given).hasSize(parts);
    }
  }
}
