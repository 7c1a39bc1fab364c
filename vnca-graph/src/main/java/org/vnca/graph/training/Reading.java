package org.vnca.graph.training;

import org.vnca.graph.nn.Parameter;

/** Which of a checkpoint's tensors a variable is read from. */
public enum Reading {
  /** The one of its own name. */
  AS_WRITTEN {
    @Override
    String source(Parameter variable) {
      return variable.saved().name();
    }
  },
  /** The weights from their moving averages; for models without an optimizer. */
  AVERAGE {
    @Override
    String source(Parameter variable) {
      return variable.saved().name() + WeightAverage.SUFFIX;
    }
  },
  /** The moving averages from the weights, since the checkpoint has no averages. */
  AVERAGE_FROM_WEIGHTS {
    @Override
    String source(Parameter variable) {
      String name = variable.saved().name();
      return name.endsWith(WeightAverage.SUFFIX)
          ? name.substring(0, name.length() - WeightAverage.SUFFIX.length())
          : name;
    }
  };

  /** The tensor's name. */
  abstract String source(Parameter variable);
}
