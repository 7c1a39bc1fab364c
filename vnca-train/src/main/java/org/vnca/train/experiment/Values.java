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

  private static double number(Node node) throws Misfit {
    String text = plain(node);
    if (!NUMBER.matcher(text).matches()) {
      throw new Misfit("must be a number", node);
    }
    return Double.parseDouble(text.replace("_", ""));
  }

  private static boolean truth(Node node) throws Misfit {
    String text = plain(node);
    if (!text.equals("true") && !text.equals("false")) {
      throw new Misfit("must be true or false", node);
    }
    return text.equals("true");
  }

  private static String text(Node node, String rule) throws Misfit {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw new Misfit(rule, node);
  }

  private static List<String> texts(Node node) throws Misfit {
    if (!(node instanceof SequenceNode sequence)) {
      throw new Misfit("must be a list, such as [a, b]", node);
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
    int place = node instanceof ScalarNode scalar ? names.indexOf(scalar.getValue()) : -1;
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
        ? scalar.getValue()
        : "";
  }

  /** A value in one line, as a message shows it. */
  static String describe(Node node) {
    if (isEmpty(node)) {
      return "empty";
    }
    if (node instanceof ScalarNode scalar) {
      String text = scalar.getValue().replaceAll("\\s+", " ").strip();
      String brief = text.length() > 60 ? text.substring(0, 57) + "..." : text;
      return scalar.getScalarStyle() == ScalarStyle.PLAIN ? brief : "the text '" + brief + "'";
    }
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue().stream()
          .map(Values::describe)
          .collect(Collectors.joining(", ", "[", "]"));
    }
    return "a group of keys";
  }
}
