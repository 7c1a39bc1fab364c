package org.vnca.train.experiment;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads the values of single keys. What does not fit is thrown as {@link Misfit}. */
final class Values {
  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9][0-9_]*");

  /** Members of a list that a message shows at most. */
  private static final int SHOWN = 20;

  /** Octal to some readers of YAML, decimal to others. */
  private static final Pattern LEADING_ZERO = Pattern.compile("[-+]?0[0-9_]+");

  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d[\\d_]*\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

  /** A value of the wrong type; the message is the rule and what was found. */
  static final class Misfit extends Exception {
    private static final long serialVersionUID = 1L;

    Misfit(String rule, Node found) {
      super(rule + ", but is " + describe(found));
    }
  }

  private Values() {}

  static boolean isEmpty(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  static Object read(Type type, Node node) throws Misfit {
    if (isEmpty(node)) {
      throw new Misfit("must have a value", node);
    }
    if (type == int.class) {
      return (int) whole(node, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    if (type == long.class) {
      return whole(node, Long.MIN_VALUE, Long.MAX_VALUE);
    }
    if (type == double.class) {
      return number(node);
    }
    if (type == boolean.class) {
      return truth(node);
    }
    if (type == String.class) {
      return text(node, "must be text");
    }
    if (type instanceof Class<?> kind && kind.isEnum()) {
      return constant(kind, node);
    }
    if (type.getTypeName().equals("java.util.List<java.lang.String>")) {
      return texts(node);
    }
    throw new IllegalStateException("no key can be of type " + type);
  }

  private static long whole(Node node, long least, long most) throws Misfit {
    String text = plain(node);
    requireDecimal(text, node);
    if (!WHOLE.matcher(text).matches()) {
      throw new Misfit("must be a whole number", node);
    }
    try {
      long value = Long.parseLong(text.replace("_", ""));
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Beyond 64 bits: refused below, like what is beyond the key's own range.
    }
    throw new Misfit("must be between " + least + " and " + most, node);
  }

  private static void requireDecimal(String text, Node node) throws Misfit {
    if (LEADING_ZERO.matcher(text).matches()) {
      throw new Misfit("must be a number without zeros in front, which may mean octal", node);
    }
  }

  private static double number(Node node) throws Misfit {
    String text = plain(node);
    requireDecimal(text, node);
    if (!NUMBER.matcher(text).matches()) {
      throw new Misfit("must be a number", node);
    }
    double number = Double.parseDouble(text.replace("_", ""));
    if (number == 0 && text.split("[eE]", 2)[0].matches(".*[1-9].*")) {
      throw new Misfit("must be 0 or a number that 64 bits tell from 0", node);
    }
    return number;
  }

  private static boolean truth(Node node) throws Misfit {
    String text = plain(node);
    if (!text.equals("true") && !text.equals("false")) {
      throw new Misfit("must be true or false", node);
    }
    return text.equals("true");
  }

  private static String text(Node node, String rule) throws Misfit {
    if (!(node instanceof ScalarNode scalar)) {
      throw new Misfit(rule, node);
    }
    if (scalar.getValue().chars().anyMatch(c -> c != '\t' && Character.isISOControl(c))) {
      throw new Misfit("must be in one line and have no control characters", node);
    }
    return scalar.getValue();
  }

  private static List<String> texts(Node node) throws Misfit {
    if (!(node instanceof SequenceNode sequence)) {
      throw new Misfit(
          Typed.isBroken(node)
              ? "must be a list, such as [a, b], with quotes round a member that has # , : [ ] { }"
              : "must be a list, such as [a, b]",
          node);
    }
    List<String> texts = new ArrayList<>();
    for (Node member : sequence.getValue()) {
      if (isEmpty(member)) {
        throw new Misfit("must hold no empty member", node);
      }
      texts.add(text(member, "must hold text only"));
    }
    return List.copyOf(texts);
  }

  private static Object constant(Class<?> kind, Node node) throws Misfit {
    List<String> names = Arrays.stream(kind.getEnumConstants()).map(Values::name).toList();
    int place = node instanceof ScalarNode scalar ? names.indexOf(word(scalar)) : -1;
    if (place < 0) {
      throw new Misfit("must be one of " + String.join(", ", names), node);
    }
    return kind.getEnumConstants()[place];
  }

  /** How a descriptor writes an enum's constant. */
  static String name(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The value of an unquoted scalar, empty otherwise: a quoted number is text. */
  private static String plain(Node node) {
    return node instanceof ScalarNode scalar && scalar.getScalarStyle() == ScalarStyle.PLAIN
        ? scalar.getValue().strip()
        : "";
  }

  /** A value that is one of some words. */
  static String word(ScalarNode node) {
    return node.getScalarStyle() == ScalarStyle.PLAIN ? node.getValue().strip() : node.getValue();
  }

  /** A text in one line of bounded length, as a message shows it. */
  static String brief(String text, int most) {
    String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return line.length() > most ? line.substring(0, most - 3) + "..." : line;
  }

  /** A value in one line, as a message shows it. */
  static String describe(Node node) {
    if (isEmpty(node)) {
      return "empty";
    }
    if (node instanceof ScalarNode scalar) {
      String brief = brief(scalar.getValue(), 60);
      return scalar.getScalarStyle() == ScalarStyle.PLAIN ? brief : "the text '" + brief + "'";
    }
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue().stream()
          .limit(SHOWN)
          .map(member -> member instanceof SequenceNode ? "a list" : describe(member))
          .collect(
              Collectors.joining(", ", "[", sequence.getValue().size() > SHOWN ? ", ...]" : "]"));
    }
    return "a group of keys";
  }
}
