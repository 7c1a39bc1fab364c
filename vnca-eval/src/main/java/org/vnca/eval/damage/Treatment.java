package org.vnca.eval.damage;

import java.util.ArrayList;
import java.util.List;

/** What was seen of every image at every moment of one treatment. */
final class Treatment {
  private final String name;
  private final List<Damage> damages;
  private final int images;
  private final List<Integer> steps = new ArrayList<>();

  /** For each moment, for each image. */
  private final List<float[]> distances = new ArrayList<>();

  private final List<float[]> bits = new ArrayList<>();

  /**
   * @param damages in their order, each followed by the same number of steps; none for the control
   * @param images how many will be looked at
   */
  Treatment(String name, List<Damage> damages, int images) {
    this.name = name;
    this.damages = List.copyOf(damages);
    this.images = images;
  }

  String name() {
    return name;
  }

  List<Damage> damages() {
    return damages;
  }

  /** How many moments were seen. */
  int moments() {
    return steps.size();
  }

  /** Steps since the first damage at a moment. */
  int step(int moment) {
    return steps.get(moment);
  }

  float[] distances(int moment) {
    return distances.get(moment);
  }

  float[] bits(int moment) {
    return bits.get(moment);
  }

  /** Notes one image at one moment; moments come in their order. */
  void note(int moment, int step, int image, double distance, double bitsPerDim) {
    if (moment == steps.size()) {
      steps.add(step);
      distances.add(new float[images]);
      bits.add(new float[images]);
    }
    distances.get(moment)[image] = (float) distance;
    bits.get(moment)[image] = (float) bitsPerDim;
  }

  /** Of each image at a moment 1 if it has come so near, else 0. */
  float[] recovered(int moment, double threshold) {
    float[] all = new float[images];
    for (int i = 0; i < images; i++) {
      all[i] = distances.get(moment)[i] <= threshold ? 1 : 0;
    }
    return all;
  }

  /** The last moment, image by image, less that of another treatment after as many steps. */
  float[] lastAbove(Treatment other) {
    int last = moments() - 1;
    float[] difference = new float[images];
    for (int i = 0; i < images; i++) {
      difference[i] = distances.get(last)[i] - other.distances.get(steps.get(last))[i];
    }
    return difference;
  }
}
