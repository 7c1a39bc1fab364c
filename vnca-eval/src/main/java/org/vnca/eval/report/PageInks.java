package org.vnca.eval.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vnca.eval.chart.Palette;
import org.vnca.train.picture.Ink;
import org.vnca.train.picture.SvgFile;

/** The colours of charts in a page: those of pictures, and on a dark page others in their place. */
final class PageInks {
  /** What would not be seen on a dark page, with what is in its place there. */
  private static final Map<Ink, Ink> DARK =
      Map.of(
          new Ink(0x000000),
          new Ink(0xe6edf3),
          Ink.BLACK,
          new Ink(0xe6edf3),
          Ink.GREY,
          new Ink(0x9198a1),
          Ink.PALE,
          new Ink(0x3d444d));

  private PageInks() {}

  /** The class of what has a colour. */
  static String classOf(Ink ink) {
    return SvgFile.INK_CLASS + ink.css().substring(1);
  }

  /** The colours as CSS: all that charts have. */
  static String style() {
    return rules(light()) + "\n@media (prefers-color-scheme:dark){" + rules(DARK) + "}\n";
  }

  /** Every ink with itself. */
  static Map<Ink, Ink> light() {
    Map<Ink, Ink> inks = new LinkedHashMap<>();
    Stream.concat(Palette.all().stream(), List.of(Ink.BLACK, Ink.GREY, Ink.PALE).stream())
        .forEach(ink -> inks.put(ink, ink));
    return inks;
  }

  /** What is seen of an ink on a dark page. */
  static Ink dark(Ink ink) {
    return DARK.getOrDefault(ink, ink);
  }

  private static String rules(Map<Ink, Ink> inks) {
    return inks.entrySet().stream()
        .map(entry -> ".%s{color:%s}".formatted(classOf(entry.getKey()), entry.getValue().css()))
        .sorted()
        .collect(Collectors.joining());
  }
}
