package org.vnca.eval.figure;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.session.VncaSession;
import org.vnca.train.console.Progress;
import org.vnca.train.picture.PixelImage;

/** Every step and every doubling of growth, at full size (paper, figures 4, 8, 15 and 17). */
final class Growth {
  private static final int MOST_COLUMNS = 24;
  private static final int DELAY = 12;
  private static final int REST = 150;

  private final Subject subject;
  private final List<List<VncaSession.GrowthStage>> all = new ArrayList<>();

  private Growth(Subject subject) {
    this.subject = subject;
    float[][] dreams = subject.dreams();
    try (Progress progress = subject.progress("samples", dreams.length)) {
      for (float[] dream : dreams) {
        all.add(subject.session().growth(dream));
        subject.done(progress, all.size());
      }
    }
  }

  /** One sample a panel: a row for each stage, or lines of text for a single long one. */
  static Drawn stages(Subject subject) {
    Growth growth = new Growth(subject);
    List<BufferedImage> panels = new ArrayList<>();
    growth.all.forEach(stages -> panels.add(growth.panel(stages)));
    return growth.drawn(
        panels,
        growth.all.get(0).size() > 1
            ? "At the left the cells, above the steps since the last doubling."
            : growth.states(0).size() > MOST_COLUMNS
                ? "Above the steps, to be added to those at the left."
                : "Above the steps.");
  }

  /** Many samples: a row for each, a column for each state. */
  static Drawn rows(Subject subject) {
    Growth growth = new Growth(subject);
    List<Integer> doublings = growth.doublings();
    int states = growth.states(0).size();
    TileGrid grid = new TileGrid(TileGrid.side(subject.image().height(), states));
    for (int i = 0; i < growth.all.size(); i++) {
      grid.row("", growth.states(i), doublings);
    }
    grid.columns(IntStream.range(0, states).mapToObj(Integer::toString).toList());
    return growth.drawn(List.of(grid.draw()), "Above the number of the state.");
  }

  private BufferedImage panel(List<VncaSession.GrowthStage> stages) {
    int longest = stages.stream().mapToInt(stage -> stage.images().length).max().orElse(1);
    int columns = Math.min(longest, MOST_COLUMNS);
    TileGrid grid = new TileGrid(TileGrid.side(subject.image().height(), columns));
    for (int k = 0; k < stages.size(); k++) {
      List<PixelImage> images = images(stages.get(k));
      for (int from = 0; from < images.size(); from += columns) {
        String label =
            images.size() <= columns
                ? "%1$dx%1$d".formatted(stages.get(k).side())
                : "step %d".formatted(from);
        grid.row(
            label,
            images.subList(from, Math.min(images.size(), from + columns)),
            k > 0 && from == 0 ? List.of(0) : List.of());
      }
    }
    return grid.columns(IntStream.range(0, columns).mapToObj(Integer::toString).toList()).draw();
  }

  private List<PixelImage> images(VncaSession.GrowthStage stage) {
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
    for (VncaSession.GrowthStage stage : all.get(0)) {
      if (place > 0) {
        places.add(place);
      }
      place += stage.images().length;
    }
    return places;
  }

  private Drawn drawn(List<BufferedImage> panels, String above) {
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
                + " Means of p(x|z).",
            states - stages, doublings, above),
        numbers);
  }

  private double lastChange() {
    double sum = 0;
    for (List<VncaSession.GrowthStage> stages : all) {
      float[][] images = stages.get(stages.size() - 1).images();
      sum += Subject.distance(images[images.length - 1], images[images.length - 2]);
    }
    return sum / all.size();
  }

  private List<Gif.Frame> frames(int states) {
    List<List<PixelImage>> samples = IntStream.range(0, all.size()).mapToObj(this::states).toList();
    int columns = TileGrid.columns(samples.size());
    List<Gif.Frame> frames = new ArrayList<>();
    for (int t = 0; t < states; t++) {
      int time = t;
      TileGrid grid = new TileGrid(3 * TileGrid.side(subject.image().height(), 3 * columns));
      List<PixelImage> now = samples.stream().map(sample -> sample.get(time)).toList();
      for (int from = 0; from < now.size(); from += columns) {
        grid.row("", now.subList(from, Math.min(now.size(), from + columns)));
      }
      int side = now.get(0).height();
      String title = "state %d of %d: %dx%d".formatted(t, states - 1, side, side);
      frames.add(new Gif.Frame(Page.frame(title, grid.draw()), t == states - 1 ? REST : DELAY));
    }
    return frames;
  }
}
