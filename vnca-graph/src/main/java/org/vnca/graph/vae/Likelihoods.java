package org.vnca.graph.vae;

import java.util.List;
import org.vnca.base.kind.Kinds;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.LikelihoodSpec;

/** The likelihoods there are. */
public final class Likelihoods {
  private static final Kinds<LikelihoodKind> ALL =
      Kinds.of(
          new Kinds.Part<>(
              "likelihood", LikelihoodKind.class, LikelihoodSpec.class, Kinds.Source.DESCRIPTOR),
          List.of(
              new BuiltInLikelihood<>(
                  new LikelihoodSpec.Bernoulli(),
                  (spec, channels, seed) -> new Bernoulli(channels)),
              new BuiltInLikelihood<>(LikelihoodSpec.LogisticMixture.PAPER, LogisticMixture::new),
              new BuiltInLikelihood<>(
                  LikelihoodSpec.DiscretizedGaussian.USUAL,
                  (spec, channels, seed) -> new DiscretizedGaussian(spec, channels))));

  private Likelihoods() {}

  /** Those of the project and those of the jars on the class path. */
  public static Kinds<LikelihoodKind> all() {
    return ALL;
  }

  private interface Maker<S> {
    Likelihood make(S settings, int imageChannels, long seed);
  }

  /** A likelihood of the project. */
  private record BuiltInLikelihood<S extends Record & LikelihoodSpec>(S defaults, Maker<S> maker)
      implements LikelihoodKind {
    @Override
    public String type() {
      return InvalidSetting.kebab(defaults.getClass().getSimpleName());
    }

    @Override
    @SuppressWarnings("unchecked") // Kinds.of(settings) found this kind by the settings' class
    public Likelihood make(LikelihoodSpec settings, int imageChannels, long seed) {
      return maker.make((S) settings, imageChannels, seed);
    }
  }
}
