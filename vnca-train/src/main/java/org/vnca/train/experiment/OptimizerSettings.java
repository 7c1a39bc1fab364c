package org.vnca.train.experiment;

import org.vnca.graph.spec.InvalidSetting;

/** How a gradient becomes a step of the weights. */
public sealed interface OptimizerSettings {

  /** Step size, which the schedule takes a share of. */
  double learningRate();

  /** The numbers that the graph is built with. */
  org.vnca.graph.training.Adam.Settings numbers();

  /**
   * Adam (Kingma and Ba 2015).
   *
   * @param learningRate step size; 1e-4 in the paper
   * @param beta1 decay of the first moment, in [0, 1)
   * @param beta2 decay of the second moment, in [0, 1)
   * @param epsilon added to the root of the second moment
   */
  record Adam(double learningRate, double beta1, double beta2, double epsilon)
      implements OptimizerSettings {
    /** The paper's learning rate; the other values are those of Adam's own paper. */
    public static final Adam PAPER = new Adam(1e-4, 0.9, 0.999, 1e-8);

    public Adam {
      InvalidSetting.requirePositive("learningRate", learningRate);
      requireDecay("beta1", beta1);
      requireDecay("beta2", beta2);
      InvalidSetting.requirePositive("epsilon", epsilon);
    }

    @Override
    public org.vnca.graph.training.Adam.Settings numbers() {
      return new org.vnca.graph.training.Adam.Settings(learningRate, beta1, beta2, epsilon);
    }
  }

  /**
   * Adam with decoupled weight decay (Loshchilov and Hutter 2019), of all parameters alike.
   *
   * @param learningRate step size
   * @param beta1 decay of the first moment, in [0, 1)
   * @param beta2 decay of the second moment, in [0, 1)
   * @param epsilon added to the root of the second moment
   * @param weightDecay share of a parameter that a step takes away, times the learning rate
   */
  record Adamw(double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
      implements OptimizerSettings {
    /** The paper's learning rate; the other values are PyTorch's. */
    public static final Adamw PAPER = new Adamw(1e-4, 0.9, 0.999, 1e-8, 0.01);

    public Adamw {
      InvalidSetting.requirePositive("learningRate", learningRate);
      requireDecay("beta1", beta1);
      requireDecay("beta2", beta2);
      InvalidSetting.requirePositive("epsilon", epsilon);
      InvalidSetting.requireNotNegative("weightDecay", weightDecay);
    }

    @Override
    public org.vnca.graph.training.Adam.Settings numbers() {
      return new org.vnca.graph.training.Adam.Settings(
          learningRate, beta1, beta2, epsilon, weightDecay);
    }
  }

  private static void requireDecay(String setting, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new InvalidSetting(setting, "must be at least 0 and below 1", value);
    }
  }
}
