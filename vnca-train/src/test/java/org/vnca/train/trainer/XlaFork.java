package org.vnca.train.trainer;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.session.StepTrace.OperationTime;
import org.vnca.graph.session.Training;
import org.vnca.graph.session.VncaSession;
import org.vnca.graph.spec.InputSpec;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.experiment.ExperimentReader;

/**
 * Takes training steps in a process of its own, since TensorFlow reads {@code TF_XLA_FLAGS} once a
 * process: of a descriptor, the only argument, without {@code train.xla} and with it. Of each it
 * prints the figures of every step as a line, then the kinds of operations of a further step.
 */
final class XlaFork {
  static final int STEPS = 2;

  private static final int SIDE = 4;

  private XlaFork() {}

  public static void main(String[] args) {
    for (boolean xla : new boolean[] {false, true}) {
      train(ExperimentReader.read(Path.of(args[0]), List.of("train.xla=" + xla)));
    }
  }

  private static void train(Experiment experiment) {
    InputSpec input = new InputSpec(new ImageShape(SIDE, SIDE, 1), 0, true);
    int batch = experiment.train().batch();
    byte[] images = new byte[batch * SIDE * SIDE];
    for (int i = 0; i < images.length; i++) {
      images[i] = (byte) (i % (3 + i / (SIDE * SIDE)) == 0 ? 1 : 0);
    }
    try (VncaSession session = Models.training(experiment, input, batch)) {
      session.initialize();
      for (int step = 0; step < STEPS; step++) {
        Training.StepValues figures = session.training().step(images, step);
        System.out.println(figures.loss() + " " + figures.gradientNorm());
      }
      System.out.println(
          session.training().trace(images, STEPS).operations().stream()
              .map(OperationTime::operation)
              .distinct()
              .collect(Collectors.joining(" ")));
    }
  }
}
