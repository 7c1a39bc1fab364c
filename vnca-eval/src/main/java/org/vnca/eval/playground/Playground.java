package org.vnca.eval.playground;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vnca.base.file.Reason;
import org.vnca.base.file.WholeFile;
import org.vnca.data.fault.DatasetException;
import org.vnca.eval.OpenRun;
import org.vnca.eval.StudyException;
import org.vnca.graph.description.ModelDescription;
import org.vnca.graph.description.NoDescription;
import org.vnca.train.run.Manifest;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.run.RunException;
import org.vnca.train.trainer.ModelChoice;
import org.vnca.train.trainer.Watch;

/** A page that needs nothing else, in which a run's decoder lives. */
public final class Playground {
  /** How many images of the test split the page shows, if there are so many. */
  public static final int EXAMPLES = 64;

  /** The page's name in a run's figures, unless it is written elsewhere. */
  private static final String FILE = "playground.html";

  /** With which the names of a decoder's parameters begin. */
  private static final String DECODER = "decoder/";

  private Playground() {}

  /** Where a run's page lies if no place is named: among its figures. */
  public static Path place(Path run) {
    return RunDirectory.open(run).figures().resolve(FILE);
  }

  /**
   * What is written.
   *
   * @param model of which checkpoint, and where its data lie
   * @param weights in which form
   */
  public record Options(ModelChoice model, WeightFormat weights) {}

  /**
   * Writes the page. Without the dataset it has no examples, and says so.
   *
   * @param path the run's directory
   * @param out the page, which appears whole or not at all
   * @throws RunException if there is no such run or checkpoint, or the page cannot be written
   * @throws StudyException if the decoder is no automaton, or a part of it cannot be shown
   * @throws DatasetException if the dataset that was named cannot be read
   */
  public static PlaygroundReport write(Path path, Options options, Path out, Watch watch) {
    try (OpenRun run = OpenRun.open(path, options.model(), watch)) {
      run.requireAutomaton("the playground");
      ModelDescription model = described(run);
      Map<String, int[]> shapes = decoderShapes(run);
      PackedWeights weights =
          PackedWeights.of(shapes, run.session().variables().values(), options.weights());
      List<String> notes = new ArrayList<>(weights.faults());
      Optional<Examples> examples = examples(run, options.model(), notes);
      Map<String, Object> more = new LinkedHashMap<>();
      more.put("examples", examples.map(Examples::fields).orElse(null));
      more.put("dimensions", examples.isPresent() ? Examples.dimensions(run) : null);
      more.put("about", about(run, PackedWeights.count(shapes), notes));
      String page =
          PageTemplate.filled(
              run.directory().name(), ModelText.of(model, weights, more), weights.base64());
      byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
      run.requireGoingOn("the playground");
      write(out, bytes);
      return new PlaygroundReport(
          out.toString(),
          path.toString(),
          run.step(),
          bytes.length,
          PackedWeights.count(shapes),
          options.weights().id(),
          examples.map(found -> found.numbers().length).orElse(0),
          notes,
          run.weights().word());
    }
  }

  private static ModelDescription described(OpenRun run) {
    try {
      return run.session().description();
    } catch (NoDescription e) {
      throw new StudyException(
          "the playground cannot show %s: %s".formatted(run.directory(), e.getMessage()));
    }
  }

  private static Map<String, int[]> decoderShapes(OpenRun run) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    run.session()
        .variables()
        .trainableShapes()
        .forEach(
            (name, shape) -> {
              if (name.startsWith(DECODER)) {
                shapes.put(name, shape);
              }
            });
    return shapes;
  }

  /** Whoever says where the data lie means them to be there. */
  private static Optional<Examples> examples(OpenRun run, ModelChoice model, List<String> notes) {
    try {
      return Optional.of(Examples.of(run));
    } catch (DatasetException e) {
      if (model.data().isPresent()) {
        throw e;
      }
      notes.add(
          "without the dataset there are no example images, and the latent dimensions are in their own order");
      run.watch().err().println("vnca: no examples: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static Map<String, Object> about(OpenRun run, long parameters, List<String> notes) {
    Manifest manifest = run.directory().manifest();
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("name", run.directory().experiment().name());
    about.put("run", run.directory().name());
    about.put("step", run.step());
    about.put("commit", commit(manifest.git()));
    about.put("dataset", dataset(manifest.data().location()));
    about.put("decoder", run.decoderType());
    about.put("rule", run.updateType());
    about.put("parameters", parameters);
    about.put("weights", run.weights().word());
    about.put("trainedToGoOn", run.directory().experiment().train().pool().present());
    about.put("bound", bound(run));
    about.put("notes", notes);
    return about;
  }

  /** Bounds are measured of the average of the weights, where there is one. */
  private static MeasuredBound bound(OpenRun run) {
    return run.besideAverage() ? null : MeasuredBound.of(run.directory(), run.step()).orElse(null);
  }

  private static String commit(Manifest.Git git) {
    if (git.commit().equals(Manifest.UNKNOWN)) {
      return null;
    }
    return git.state().equals("dirty") ? git.commit() + "+changes" : git.commit();
  }

  /** A page is for everybody: where a file lay on somebody's disk is nobody's business. */
  private static String dataset(String location) {
    if (location.equals(Manifest.UNKNOWN)) {
      return null;
    }
    return location.startsWith("embedded:") ? location : Path.of(location).getFileName().toString();
  }

  private static void write(Path out, byte[] bytes) {
    try {
      WholeFile.write(out, bytes);
    } catch (IOException e) {
      throw new RunException(out + " cannot be written: " + Reason.of(e), e);
    }
  }
}
