package org.vnca.graph.ca;

import java.util.List;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.Kinds;
import org.vnca.graph.spec.UpdateSpec;

/** The update rules there are. */
public final class UpdateRules {
  private static final Kinds<UpdateRule> ALL =
      Kinds.of(
          List.of(
              new Own<>(UpdateSpec.Residual.PAPER, UpdateRules::residual),
              new Own<>(UpdateSpec.Simple.PAPER, SimpleUpdateNet::new),
              new Own<>(UpdateSpec.Gru.PAPER, GruUpdateNet::new)),
          UpdateRule.class);

  private UpdateRules() {}

  /** Those of the project and those of the jars on the class path. */
  public static Kinds<UpdateRule> all() {
    return ALL;
  }

  private static UpdateNet residual(UpdateSpec.Residual spec, String name, int channels) {
    UpdateNet net = new ResidualUpdateNet(spec, name, channels);
    return spec.gate() ? new GatedUpdateNet(net, name) : net;
  }

  private interface Maker<S> {
    UpdateNet make(S settings, String name, int channels);
  }

  /** A rule of the project. */
  private record Own<S extends Record & UpdateSpec>(S defaults, Maker<S> maker)
      implements UpdateRule {
    @Override
    public String type() {
      return InvalidSetting.kebab(defaults.getClass().getSimpleName());
    }

    @Override
    @SuppressWarnings("unchecked") // Kinds.of(settings) found this rule by the settings' class
    public UpdateNet make(UpdateSpec settings, String name, int channels) {
      return maker.make((S) settings, name, channels);
    }
  }
}
