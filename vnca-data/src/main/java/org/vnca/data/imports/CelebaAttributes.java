package org.vnca.data.imports;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.vnca.data.fault.DatasetException;

/**
 * One attribute of {@code list_attr_celeba.txt}: 1 where a face has it, 0 where not. The list
 * begins with the number of its lines, which some copies lack, and the attributes' names.
 */
final class CelebaAttributes {
  private CelebaAttributes() {}

  /**
   * Reads an attribute.
   *
   * @return by images' names
   * @throws DatasetException if there is no such attribute, or a line is broken or doubled
   */
  static Map<String, Byte> read(Path file, String attribute) {
    TextList list = TextList.read(file);
    List<TextList.Line> lines = list.lines();
    int heading = !lines.isEmpty() && isCount(lines.get(0)) ? 1 : 0;
    List<String> names = heading < lines.size() ? lines.get(heading).words() : List.of();
    int column = names.indexOf(attribute);
    if (column < 0) {
      throw new DatasetException(
          "%s has no attribute %s; it has %s".formatted(file, attribute, String.join(", ", names)));
    }
    if (column != names.lastIndexOf(attribute)) {
      throw list.fault(lines.get(heading), "names the attribute %s twice".formatted(attribute));
    }
    Map<String, Byte> labels = new HashMap<>();
    Map<String, Integer> numbers = new HashMap<>();
    for (TextList.Line line : lines.subList(heading + 1, lines.size())) {
      List<String> words = line.words();
      if (words.size() != names.size() + 1 || !words.get(column + 1).matches("-?1")) {
        throw list.fault(line, "must be an image's name and 1 or -1 for each attribute");
      }
      Integer before = numbers.put(words.get(0), line.number());
      if (before != null) {
        throw list.doubled(line, words.get(0), before);
      }
      labels.put(words.get(0), (byte) (words.get(column + 1).equals("1") ? 1 : 0));
    }
    return labels;
  }

  private static boolean isCount(TextList.Line line) {
    return line.words().size() == 1 && line.words().get(0).matches("\\d+");
  }
}
