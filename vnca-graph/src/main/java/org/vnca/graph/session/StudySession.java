package org.vnca.graph.session;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import org.vnca.graph.serving.Study;

/**
 * A model whose states are data: decodings in parts, further steps, and what the likelihood reads
 * in any full-grown state. Belongs to a {@link VncaSession}, and ends with it.
 */
public final class StudySession {
  /** A history of more steps than this is taken in pieces, so that memory does not grow. */
  private static final int WATCHED = 8;

  private final OpenModel open;
  private final Study study;

  StudySession(OpenModel open) {
    this.open = open;
    this.study = open.build(Study::build);
  }

  /** How many stages a decoding has. */
  public int stages() {
    return study.stages().size();
  }

  /**
   * What the first stage begins with.
   *
   * @param latents {@code [N, Z]}
   */
  public States seeds(float[][] latents) {
    try (TFloat32 z = Tensors.matrix(latents);
        Result result = open.runner().feed(study.latents(), z).fetch(study.seeds()).run()) {
      return states(result, 0);
    }
  }

  /**
   * One stage of a decoding.
   *
   * @param stage from 0
   */
  public States stage(States before, int stage) {
    return run(before, open.runner().fetch(study.stages().get(stage)));
  }

  /**
   * The states at the end of a decoding.
   *
   * @param latents {@code [N, Z]}
   */
  public States last(float[][] latents) {
    return lastFrom(seeds(latents), 0);
  }

  /**
   * The states at the end of a decoding that goes on from others.
   *
   * @param stage the first that is run
   */
  public States lastFrom(States states, int stage) {
    States last = states;
    for (int k = stage; k < stages(); k++) {
      last = stage(last, k);
    }
    return last;
  }

  /**
   * Further steps of full-grown states, with the net of the last stage.
   *
   * @param time how many steps the states had already
   * @throws IllegalStateException if the decoder is no automaton
   */
  public States advance(States states, int steps, int time) {
    Study.Further further = further();
    try (TInt32 count = TInt32.scalarOf(steps);
        TInt32 start = TInt32.scalarOf(time)) {
      return run(
          states,
          open.runner()
              .feed(further.steps(), count)
              .feed(further.time(), start)
              .fetch(further.last()));
    }
  }

  /** Mean images of full-grown states: {@code [N, H W channels]} in [0, 1]. */
  public float[][] means(States states) {
    try (TFloat32 fed = tensor(states);
        Result result = open.runner().feed(study.states(), fed).fetch(study.mean()).run()) {
      return Tensors.rows(result, 0);
    }
  }

  /**
   * The log-likelihood of stored images under full-grown states, nats: {@code [N]}.
   *
   * @param images {@code [N, h, w, channels]}
   */
  public float[] logLikelihoods(States states, byte[] images) {
    try (TFloat32 fed = tensor(states);
        TUint8 x = open.images(images);
        Result result =
            open.runner()
                .feed(study.states(), fed)
                .feed(study.images(), x)
                .fetch(study.logLikelihood())
                .run()) {
      return Tensors.flat(result, 0);
    }
  }

  /**
   * Further steps of full-grown states, looked at before the first and after each.
   *
   * @param images {@code [N, h, w, channels]}, whose likelihood is asked for
   * @param time how many steps the states had already
   * @throws IllegalStateException if the decoder is no automaton
   */
  public Watched watch(States states, byte[] images, int steps, int time) {
    Study.Further further = further();
    List<float[][]> means = new ArrayList<>();
    List<float[]> nats = new ArrayList<>();
    means.add(means(states));
    nats.add(logLikelihoods(states, images));
    States last = states;
    for (int done = 0; done < steps; done += WATCHED) {
      try (TFloat32 fed = tensor(last);
          TUint8 x = open.images(images);
          TInt32 count = TInt32.scalarOf(Math.min(WATCHED, steps - done));
          TInt32 start = TInt32.scalarOf(time + done);
          Result result =
              open.runner()
                  .feed(study.states(), fed)
                  .feed(study.images(), x)
                  .feed(further.steps(), count)
                  .feed(further.time(), start)
                  .fetch(further.watchedLast())
                  .fetch(further.watchedMeans())
                  .fetch(further.watchedLogLikelihoods())
                  .run()) {
        last = states(result, 0);
        float[][] seen = Tensors.rows(result, 1);
        float[][] likelihoods = Tensors.rows(result, 2);
        for (int t = 1; t < seen.length; t++) {
          means.add(split(seen[t], states.count()));
          nats.add(likelihoods[t]);
        }
      }
    }
    return new Watched(last, means, nats);
  }

  private Study.Further further() {
    return study
        .further()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "further steps need a cellular decoder, but this model's decoder is"
                        + " convolutional"));
  }

  private States run(States states, Session.Runner runner) {
    try (TFloat32 fed = tensor(states);
        Result result = runner.feed(study.states(), fed).run()) {
      return states(result, 0);
    }
  }

  private static float[][] split(float[] values, int rows) {
    int width = values.length / rows;
    float[][] split = new float[rows][width];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(values, i * width, split[i], 0, width);
    }
    return split;
  }

  private static TFloat32 tensor(States states) {
    return TFloat32.tensorOf(
        Shape.of(states.count(), states.side(), states.side(), states.channels()),
        DataBuffers.of(states.values()));
  }

  private static States states(Result result, int index) {
    Shape shape = result.get(index).shape();
    return new States(
        Math.toIntExact(shape.get(0)),
        Math.toIntExact(shape.get(1)),
        Math.toIntExact(shape.get(3)),
        Tensors.flat(result, index));
  }

  /**
   * Further steps as they were seen.
   *
   * @param last the states after the last step
   * @param means before the first step and after each: {@code [N, H W channels]} in [0, 1]
   * @param nats log p(image | states) at the same times: {@code [N]}
   */
  public record Watched(States last, List<float[][]> means, List<float[]> nats) {}
}
