package org.vnca.graph.session;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.tensorflow.GraphAccess;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.types.TUint8;
import org.vnca.graph.cluster.Cluster;
import org.vnca.graph.cluster.ClusterException;
import org.vnca.graph.cluster.Workers;
import org.vnca.graph.device.Devices;
import org.vnca.graph.device.Host;
import org.vnca.graph.device.Placement;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.vae.Vnca;

/** A model's graph and the TensorFlow session that runs it: what all parts of a session share. */
final class OpenModel implements AutoCloseable {
  private final Vnca model;
  private final InputSpec input;
  private final String home;
  private final Optional<Cluster> cluster;
  private final Session session;
  private boolean broken;

  /**
   * Opens a session.
   *
   * @param model closed with this
   * @param input how stored images enter the model
   * @param choice the devices
   * @param host what was asked for
   */
  OpenModel(Vnca model, InputSpec input, Devices.Choice choice, Host host) {
    this.model = model;
    this.input = input;
    this.home = choice.placement().home();
    this.cluster = choice.cluster();
    Placement.placeRest(model.graph(), home);
    this.session =
        GraphAccess.session(model.graph(), Devices.config(choice, host), choice.target());
  }

  Vnca model() {
    return model;
  }

  /** Whether it makes images of another side than the data's. */
  boolean grown() {
    return model.image().height() != input.padded().height();
  }

  /** For what is asked about images of the data. */
  void requireNotGrown() {
    if (grown()) {
      throw new IllegalStateException(
          "this session was opened for images of another side than the data's");
    }
  }

  /** Builds a part of the graph; what it gives no device belongs to all devices together. */
  <T> T build(Function<Vnca, T> part) {
    return Placement.on(model.graph(), home, () -> part.apply(model));
  }

  /** Stored images as a tensor, which the caller closes. */
  TUint8 images(byte[] images) {
    return Tensors.images(input.stored(), images);
  }

  /** Images that are padded already as a tensor, which the caller closes. */
  TUint8 paddedImages(byte[] images) {
    return Tensors.images(input.padded(), images);
  }

  /** What is to be fed and fetched in one run. */
  Session.Runner runner() {
    return session.runner();
  }

  /**
   * Runs what may need the workers.
   *
   * @param what in words, such as {@code a step}
   * @throws ClusterException if it fails with workers; it says which are lost, if any
   */
  Result run(String what, Session.Runner runner) {
    if (cluster.isEmpty()) {
      return runner.run();
    }
    long began = System.nanoTime();
    try {
      return runner
          .setOptions(
              RunOptions.newBuilder().setTimeoutInMs(cluster.get().timeout().toMillis()).build())
          .run();
    } catch (TensorFlowException e) {
      ClusterException fault =
          Workers.fault(cluster.get(), what, Duration.ofNanos(System.nanoTime() - began), e);
      broken = true;
      throw fault;
    }
  }

  /** With workers that are lost, what they hold stays until the process ends. */
  @Override
  public void close() {
    if (!broken) {
      session.close();
      model.close();
    }
  }
}
