package org.vnca.eval.figure;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The figures there are. */
public enum Figure {
  /** Test images and what the model makes of them. */
  RECONSTRUCTIONS(
      "3, 6, 7 and 13, left", "test images, a sample and the mean of each", 30, Needs.NOTHING),
  /** Dreams. */
  SAMPLES("3, 6, 13, right; 14", "samples from the prior", 64, Needs.NOTHING),
  /** Means of dreams. */
  SAMPLE_MEANS("7, right", "means of samples from the prior", 64, Needs.NOTHING),
  /** One dream's growth. */
  GROWTH("4, 8, 15 and 17", "every step and doubling, a row for each size", 1, Needs.GROWTH),
  /** Many dreams' growth. */
  GROWTH_MANY("4, 8 and 17", "the same for many samples, a row for each", 8, Needs.GROWTH),
  /** Damage to full-grown states. */
  RECOVERY("9, 10 and 16", "original, damaged, recovered, and every step", 8, Needs.GROWTH),
  /** Long lives. */
  STABILITY(
      "section 3.3",
      "after 100 to 1,000 further steps, with the log-likelihood",
      8,
      Needs.AUTOMATON),
  /** Damage on the way. */
  DAMAGE_DURING_GROWTH("11", "right half set to zero at stages of growth", 8, Needs.NOTHING),
  /** Straight lines in latent space. */
  INTERPOLATION("5a", "between pairs of test images", 4, Needs.NOTHING),
  /** The latent space in the plane. */
  LATENT_MAP("5b and 5c", "t-SNE of test images, coloured by label", 5000, Needs.NOTHING);

  /** What a figure asks of a decoder, and whether it can move. */
  private enum Needs {
    NOTHING,
    AUTOMATON,
    /** An automaton; what is seen has steps, so it can be an animation. */
    GROWTH
  }

  private final String paper;
  private final String about;
  private final int count;
  private final Needs needs;

  Figure(String paper, String about, int count, Needs needs) {
    this.paper = paper;
    this.about = about;
    this.count = count;
    this.needs = needs;
  }

  /** As it is called, such as {@code sample-means}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** As it is called above the picture. */
  String title() {
    String words = this == GROWTH_MANY ? "growth of many samples" : id().replace('-', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  /** Which figures of the paper. */
  public String paper() {
    return paper;
  }

  /** What is seen. */
  public String about() {
    return about;
  }

  /** How many samples or images, if nothing else is said. */
  public int count() {
    return count;
  }

  /** Whether it can be an animation. */
  public boolean moves() {
    return needs == Needs.GROWTH;
  }

  /** Whether it knows no image of the data, so that its images can have any size. */
  public boolean anySize() {
    return switch (this) {
      case SAMPLES, SAMPLE_MEANS, GROWTH, GROWTH_MANY -> true;
      default -> false;
    };
  }

  /** Whether only automata have it. */
  public boolean needsAutomaton() {
    return needs != Needs.NOTHING;
  }

  /** The figure of a name. */
  public static Optional<Figure> of(String id) {
    return Arrays.stream(values()).filter(figure -> figure.id().equals(id)).findFirst();
  }

  /** The names of all. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(Figure::id).toList();
  }

  Drawn draw(Subject subject) {
    return switch (this) {
      case RECONSTRUCTIONS -> Sheets.reconstructions(subject);
      case SAMPLES -> Sheets.samples(subject);
      case SAMPLE_MEANS -> Sheets.sampleMeans(subject);
      case GROWTH -> Growth.stages(subject);
      case GROWTH_MANY -> Growth.rows(subject);
      case RECOVERY -> Recovery.recovery(subject);
      case STABILITY -> Recovery.stability(subject);
      case DAMAGE_DURING_GROWTH -> Recovery.duringGrowth(subject);
      case INTERPOLATION -> Sheets.interpolation(subject);
      case LATENT_MAP -> LatentMap.draw(subject);
    };
  }
}
