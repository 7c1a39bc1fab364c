package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vnca.cli.Outside.line;
import static org.vnca.cli.Outside.noted;
import static org.vnca.cli.Outside.set;
import static org.vnca.cli.Outside.with;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.base.hash.Sha256;
import org.vnca.cli.Outside.Said;

/** A likelihood from a jar, from its settings to a run that is gone on with. */
final class LikelihoodJarTest {
  /** Binary pixels, each of which was flipped with a probability. */
  private static final String SOURCE =
      """
      import org.tensorflow.Operand;
      import org.tensorflow.ndarray.index.Indices;
      import org.tensorflow.op.Ops;
      import org.tensorflow.types.TFloat32;
      import org.vnca.graph.spec.InputSpec;
      import org.vnca.graph.spec.InvalidSetting;
      import org.vnca.graph.spec.LikelihoodSpec;
      import org.vnca.graph.vae.Likelihood;
      import org.vnca.graph.vae.LikelihoodKind;

      public final class Flipped implements LikelihoodKind {
        public record Settings(double flip) implements LikelihoodSpec {
          public Settings {
            if (!(flip > 0 && flip < 0.5)) {
              throw new InvalidSetting("flip", "must be between 0 and 0.5", flip);
            }
          }
          @Override public int parameterChannels(int imageChannels) { return imageChannels; }
          @Override public boolean binary() { return true; }
          @Override public void requireFits(InputSpec input) {
            if (!input.binary()) {
              throw new InvalidSetting("likelihood", "needs images of 0 and 1", "flipped");
            }
          }
        }
        public Flipped() {}
        @Override public String type() { return "flipped"; }
        @Override public Record defaults() { return new Settings(0.01); }
        @Override public Likelihood make(LikelihoodSpec spec, int channels, long seed) {
          float flip = (float) ((Settings) spec).flip();
          return new Likelihood() {
            @Override public Operand<TFloat32> logProbability(
                Ops tf, Operand<TFloat32> states, Operand<TFloat32> x) {
              Operand<TFloat32> p = tf.reshape(mean(tf, states), tf.shape(x));
              Operand<TFloat32> one = tf.constant(1f);
              Operand<TFloat32> likely = tf.math.add(tf.math.mul(x, p),
                  tf.math.mul(tf.math.sub(one, x), tf.math.sub(one, p)));
              return tf.reduceSum(tf.math.log(likely), tf.constant(new int[] {1, 2, 3}));
            }
            @Override public Operand<TFloat32> mean(Ops tf, Operand<TFloat32> states) {
              Operand<TFloat32> logits =
                  tf.stridedSlice(states, Indices.ellipsis(), Indices.sliceTo(channels));
              return tf.math.add(tf.constant(flip),
                  tf.math.mul(tf.constant(1 - 2 * flip), tf.math.sigmoid(logits)));
            }
            @Override public int draws() { return channels; }
            @Override public Operand<TFloat32> sample(
                Ops tf, Operand<TFloat32> states, Operand<TFloat32> uniform) {
              return tf.dtypes.cast(tf.math.less(uniform, mean(tf, states)), TFloat32.class);
            }
          };
        }
      }
      """;

  private static final String SERVICE = "META-INF/services/org.vnca.graph.vae.LikelihoodKind";

  @TempDir Path folder;

  @Test
  void likelihood_isTrainedWith_itsSettingsAreRead_andItsJarIsAskedForAgain() throws Exception {
    Path jar = jar("");
    String run = folder.resolve("run").toString();
    Path descriptor =
        Tiny.write(
            folder,
            """
              likelihood: {type: flipped}
            train: {steps: 2, batch: 4, validation: {images: 4}, images: {every: 0}}
            evaluation: {samples: 1, images: 2}
            """);
    String train = line("train", descriptor.toString(), "--run", run);
    String refused = train.replace(run, run + "-refused");
    List<Said> said =
        with(
            jar,
            refused + set("model.likelihood.flop=0.1"),
            refused + set("model.likelihood.flip=0.5"),
            refused + set("model.likelihood.flip=often"),
            train + set("model.likelihood.flip=0.2"),
            line("evaluate", run));
    said.get(0).fails(1, "no such key model.likelihood.flop", "did you mean model.likelihood.flip");
    said.get(1).fails(1, "model.likelihood.flip must be between 0 and 0.5, but is 0.5");
    said.get(2).fails(1, "model.likelihood.flip must be a number, but is often");
    said.get(3).succeeds("trained to step 2 of 2");
    said.get(4).succeeds("log p(x) >=");
    assertThat(Path.of(run + "-refused")).doesNotExist();
    assertThat(Files.readString(Path.of(run, "experiment.yaml"))).contains("flip: 0.2");
    JsonNode jars = noted(run);
    assertThat(jars).hasSize(1);
    assertThat(jars.get(0).path("name").asText()).isEqualTo("flipped.jar");
    assertThat(jars.get(0).path("sha256").asText()).isEqualTo(Sha256.of(jar));
    assertThat(jars.get(0).path("kinds")).hasToString("[\"likelihood flipped\"]");

    String resume = line("resume", run) + set("train.steps=3");
    with(null, resume)
        .get(0)
        .fails(
            1,
            run
                + " was trained with flipped.jar (likelihood flipped), which is not on the class"
                + " path; set VNCA_CLASSPATH="
                + jar);
    Path other = jar("other");
    said = with(other, resume, line("evaluate", run), "-Dvnca.anyJar=true", resume);
    for (Said before : said.subList(0, 2)) {
      before.fails(
          1,
          other + " is not the jar that " + run + " was trained with: its sha256 is ",
          Sha256.of(other),
          "that of the run's is " + Sha256.of(jar));
    }
    said.get(2).succeeds("trained to step 3 of 3");
    assertThat(noted(run).get(0).path("sha256").asText()).isEqualTo(Sha256.of(other));
  }

  private Path jar(String comment) throws IOException {
    Path source = Files.writeString(folder.resolve("Flipped.java"), SOURCE);
    Path classes = folder.resolve("classes");
    Outside.compile(List.of(source), classes);
    Path service = classes.resolve(SERVICE);
    Files.createDirectories(service.getParent());
    Files.writeString(service, "Flipped");
    return Outside.jar(folder.resolve("jar" + comment).resolve("flipped.jar"), comment, classes);
  }
}
