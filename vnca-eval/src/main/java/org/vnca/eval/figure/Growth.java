package org.vnca.eval.figure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.session.Sampling;
import org.vnca.train.console.Progress;
import org.vnca.train.picture.GrowthSheet;
import org.vnca.train.picture.Panel;
import org.vnca.train.picture.PixelImage;
import org.vnca.train.picture.TileSheet;

/** Every step and every doubling of growth, at full size (paper, figures 4, 8, 15 and 17). */
final class Growth {
  private static final int DELAY = 12;
  private static final int REST = 150;

  private final Subject subject;
  private final List<List<Sampling.GrowthStage>> all = new ArrayList<>();

  private Growth(Subject subject) {
    this.subject = subject;
    float[][] dreams = subject.dreams();
    try (Progress progress = subject.progress("samples", dreams.length)) {
      for (float[] dream : dreams) {
        all.add(subject.sampling().growth(dream));
        subject.done(progress, all.size());
      }
    }
  }

  /** One sample a panel: a row for each stage, or lines of text for a single long one. */
  static Drawn stages(Subject subject) {
    Growth growth = new Growth(subject);
    List<Panel> panels = new ArrayList<>();
    growth.all.forEach(
        stages -> panels.add(GrowthSheet.of(stages.stream().map(growth::images).toList())));
    return growth.drawn(
        panels,
        growth.all.get(0).size() > 1
            ? "At the left the cells, above the steps since the last doubling."
            : growth.states(0).size() > GrowthSheet.MOST_COLUMNS
                ? "Above the steps, to be added to those at the left."
                : "Above the steps.");
  }

  /** Many samples: a row for each, a column for each state. */
  static Drawn rows(Subject subject) {
    Growth growth = new Growth(subject);
    List<Integer> doublings = growth.doublings();
    int states = growth.states(0).size();
    TileSheet grid = new TileSheet();
    for (int i = 0; i < growth.all.size(); i++) {
      grid.row("", growth.states(i), doublings);
    }
    grid.columns(IntStream.range(0, states).mapToObj(Integer::toString).toList());
    return growth.drawn(List.of(grid), "Above the number of the state.");
  }

  private List<PixelImage> images(Sampling.GrowthStage stage) {
    ImageShape shape = new ImageShape(stage.side(), stage.side(), subject.image().channels());
    List<PixelImage> images = new ArrayList<>();
    for (float[] image : stage.images()) {
      images.add(PixelImage.of(image, shape));
    }
    return images;
  }

  private List<PixelImage> states(int sample) {
    return all.get(sample).stream().flatMap(stage -> images(stage).stream()).toList();
  }

  /** Which states are the first after a doubling. */
  private List<Integer> doublings() {
    List<Integer> places = new ArrayList<>();
    int place = 0;
    for (Sampling.GrowthStage stage : all.get(0)) {
      if (place > 0) {
        places.add(place);
      }
      place += stage.images().length;
    }
    return places;
  }

  private Drawn drawn(List<Panel> panels, String above) {
    int states = states(0).size();
    int stages = all.get(0).size();
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("samples", all.size());
    numbers.put("states", states);
    numbers.put("steps", states - stages);
    numbers.put("doublings", stages - 1);
    numbers.put("meanChangeOfTheLastStep", lastChange());
    String doublings =
        stages > 1
            ? Subject.text(" and every doubling (%d). Framed: just doubled.", stages - 1)
            : ".";
    return new Drawn(
        panels,
        frames(states),
        Subject.text(
            "Growth of samples from the prior: the seed, then every step of the automaton (%d)%s %s"
                + " Means of p(x|z).%s",
            states - stages, doublings, above, subject.size()),
        numbers);
  }

  private double lastChange() {
    double sum = 0;
    for (List<Sampling.GrowthStage> stages : all) {
      float[][] images = stages.get(stages.size() - 1).images();
      sum += Subject.distance(images[images.length - 1], images[images.length - 2]);
    }
    return sum / all.size();
  }

  private List<Drawn.Frame> frames(int states) {
    List<List<PixelImage>> samples = IntStream.range(0, all.size()).mapToObj(this::states).toList();
    int columns = TileSheet.columns(samples.size());
    List<Drawn.Frame> frames = new ArrayList<>();
    for (int t = 0; t < states; t++) {
      int time = t;
      List<PixelImage> now = samples.stream().map(sample -> sample.get(time)).toList();
      TileSheet grid = TileSheet.of(now, columns).enlarged(3).pixels(subject.image().height());
      int side = now.get(0).height();
      String title = "state %d of %d: %d\u00d7%d".formatted(t, states - 1, side, side);
      frames.add(new Drawn.Frame(Page.frame(title, grid), t == states - 1 ? REST : DELAY));
    }
    return frames;
  }
}
