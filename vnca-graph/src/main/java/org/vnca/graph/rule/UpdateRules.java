package org.vnca.graph.rule;

import java.util.List;
import org.vnca.base.kind.Kinds;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.UpdateSpec;

/** The update rules there are. */
public final class UpdateRules {
  private static final Kinds<UpdateRule> ALL =
      Kinds.of(
          new Kinds.Part<>(
              "update rule", UpdateRule.class, UpdateSpec.class, Kinds.Source.DESCRIPTOR),
          List.of(
              new BuiltInRule<>(UpdateSpec.Residual.PAPER, Rule::residual),
              new BuiltInRule<>(UpdateSpec.Simple.PAPER, Rule::simple),
              new BuiltInRule<>(UpdateSpec.Gru.PAPER, Rule::gru),
              new BuiltInRule<>(UpdateSpec.FixedPerception.USUAL, Rule::fixedPerception)));

  private UpdateRules() {}

  /** Those of the project and those of the jars on the class path. */
  public static Kinds<UpdateRule> all() {
    return ALL;
  }

  private interface Maker<S> {
    Rule make(S settings, String name, int channels);
  }

  /** A rule of the project. */
  private record BuiltInRule<S extends Record & UpdateSpec>(S defaults, Maker<S> maker)
      implements UpdateRule {
    @Override
    public String type() {
      return InvalidSetting.kebab(defaults.getClass().getSimpleName());
    }

    @Override
    @SuppressWarnings("unchecked") // Kinds.of(settings) found this rule by the settings' class
    public Rule make(UpdateSpec settings, String name, int channels) {
      return maker.make((S) settings, name, channels);
    }
  }
}
