package org.vnca.train.experiment;

import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/** Writes an experiment as a descriptor. */
public final class ExperimentWriter {
  private ExperimentWriter() {}

  /**
   * The descriptor with every key, in the order of the records' components. {@link
   * ExperimentReader} reads it back to an equal experiment.
   */
  public static String toYaml(Experiment experiment) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(FlowStyle.BLOCK);
    options.setWidth(1000);
    return new Yaml(new ListsInline(options), options).dump(Section.of(experiment).toMap());
  }

  /** Writes lists in brackets on one line. */
  private static final class ListsInline extends Representer {
    ListsInline(DumperOptions options) {
      super(options);
    }

    @Override
    protected Node representSequence(Tag tag, Iterable<?> sequence, FlowStyle style) {
      return super.representSequence(tag, sequence, FlowStyle.FLOW);
    }
  }
}
