package org.vnca.train.experiment;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.vnca.base.file.Reason;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * YAML from outside as a tree of nodes, within bounds that no honest descriptor comes near: so that
 * whatever is made of the tree afterwards takes little time and memory.
 */
final class Document {
  /** Bytes of a file at most. */
  static final int MOST_BYTES = 1 << 20;

  /**
   * Values at most, each alias counted as all that it stands for, and long texts as several. A
   * sweep may have lists of 10,000 seeds.
   */
  static final int MOST_VALUES = 50_000;

  /** Groups and lists inside each other at most. The settings have five. */
  static final int DEEPEST = 20;

  /** Characters of a text that count as one value. */
  private static final int TEXT = 64;

  private Document() {}

  /**
   * The text of a file, without a byte order mark.
   *
   * @param reference the key that names the file, null for the first one
   * @throws ExperimentException if it cannot be read, is too large, or is no text in UTF-8
   */
  static String text(Path file, Origin reference) {
    String what = reference == null ? "" : "extends " + file + ", but it ";
    String where = reference == null ? file.toString() : reference.where();
    if (!Files.exists(file)) {
      throw new ExperimentException(
          where, reference == null ? "there is no such file" : what + "does not exist");
    }
    if (!Files.isRegularFile(file)) {
      throw new ExperimentException(where, what + "is not a file");
    }
    byte[] bytes;
    try (InputStream stream = Files.newInputStream(file)) {
      bytes = stream.readNBytes(MOST_BYTES + 1);
    } catch (AccessDeniedException e) {
      throw new ExperimentException(where, what + "cannot be read: permission denied");
    } catch (IOException e) {
      throw new ExperimentException(where, what + "cannot be read: " + Reason.of(e));
    }
    if (bytes.length > MOST_BYTES) {
      throw new ExperimentException(
          where, what + "is larger than 1 MiB, which no descriptor needs; is it another file?");
    }
    return decoded(bytes, file, where, what);
  }

  private static String decoded(byte[] bytes, Path file, String where, String what) {
    if (begins(bytes, 0xfe, 0xff) || begins(bytes, 0xff, 0xfe)) {
      throw new ExperimentException(where, what + "is text in UTF-16; save it as UTF-8");
    }
    int start = begins(bytes, 0xef, 0xbb, 0xbf) ? 3 : 0;
    ByteBuffer in = ByteBuffer.wrap(bytes, start, bytes.length - start);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    boolean broken =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(in, out, true)
            .isError();
    String text = out.flip().toString();
    if (broken) {
      String line = file + ":" + (lines(text) + 1);
      throw new ExperimentException(
          what.isEmpty() ? line : where, what + "is not text in UTF-8; save it as UTF-8");
    }
    return text;
  }

  private static boolean begins(byte[] bytes, int... start) {
    if (bytes.length < start.length) {
      return false;
    }
    for (int i = 0; i < start.length; i++) {
      if ((bytes[i] & 0xff) != start[i]) {
        return false;
      }
    }
    return true;
  }

  private static int lines(String text) {
    return (int) text.chars().filter(c -> c == '\n').count();
  }

  /**
   * The root node of a document, null if it is empty.
   *
   * @throws ExperimentException if it is not YAML, or beyond a bound
   */
  static Node compose(String text, RawSetting.Lines where) {
    requirePrintable(text, where);
    Yaml yaml = yaml();
    try {
      requireBounds(yaml.parse(new StringReader(text)), where);
      Node root = yaml.compose(new StringReader(text));
      if (root != null) {
        new Measure(where).of(root);
        MergeKeys.resolve(root, where);
      }
      return root;
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine();
      throw where.at(line).fault("not valid YAML: " + problem(e.getProblem()));
    } catch (YAMLException e) {
      throw where.at(0).fault("not valid YAML: " + problem(e.getMessage()));
    }
  }

  /** The root node of a text that may be YAML or not. */
  static Optional<Node> ifYaml(String text) {
    try {
      return Optional.ofNullable(yaml().compose(new StringReader(text)));
    } catch (YAMLException e) {
      return Optional.empty();
    }
  }

  private static Yaml yaml() {
    LoaderOptions options = new LoaderOptions();
    options.setProcessComments(false);
    options.setMaxAliasesForCollections(MOST_VALUES);
    // Above our own bound, which names the line.
    options.setNestingDepthLimit(2 * DEEPEST);
    return new Yaml(options);
  }

  private static String problem(String text) {
    if (text == null) {
      return "it cannot be read";
    }
    String line = text.replaceAll("\\s+", " ").strip();
    return line.contains("'\\t(TAB)'") ? line + "; indent with spaces" : line;
  }

  /**
   * Control characters and halves of characters; YAML itself allows no more than is allowed here.
   */
  private static void requirePrintable(String text, RawSetting.Lines where) {
    int line = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (c == '\n') {
        line++;
      }
      boolean control = Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t';
      if ((control && c != 0x85)
          || Character.getType(c) == Character.SURROGATE
          || (c & 0xfffe) == 0xfffe) {
        throw where
            .at(line)
            .fault(
                "holds the character U+"
                    + Integer.toHexString(0x10000 | c).substring(1).toUpperCase(Locale.ROOT)
                    + ", which is no text"
                    + (c == 0 ? " in UTF-8; save it as UTF-8" : "; take it out"));
      }
      i += Character.charCount(c);
    }
  }

  private static void requireBounds(Iterable<Event> events, RawSetting.Lines where) {
    int depth = 0;
    int values = 0;
    for (Event event : events) {
      if (event instanceof NodeEvent && ++values > MOST_VALUES) {
        throw tooMany(event.getStartMark().getLine(), where);
      }
      requireNoTag(event, where);
      if (event instanceof CollectionStartEvent && ++depth > DEEPEST) {
        throw tooDeep(event.getStartMark().getLine(), where);
      }
      if (event instanceof CollectionEndEvent) {
        depth--;
      }
    }
  }

  /** What a value is, its key says; a tag that says otherwise would be passed over. */
  private static void requireNoTag(Event event, RawSetting.Lines where) {
    String tag =
        event instanceof ScalarEvent scalar
            ? scalar.getTag()
            : event instanceof CollectionStartEvent start ? start.getTag() : null;
    if (tag != null) {
      String written = tag.replace(Tag.PREFIX, "!!");
      throw where
          .at(event.getStartMark().getLine())
          .fault(
              "holds the tag %s, but descriptors have no tags; take it out, or put quotes round the text"
                  .formatted(Values.brief(written, 60)));
    }
  }

  private static ExperimentException tooDeep(int line, RawSetting.Lines where) {
    return where
        .at(line)
        .fault("groups and lists are nested too deep, more than " + DEEPEST + " in each other");
  }

  private static ExperimentException tooMany(int line, RawSetting.Lines where) {
    return where
        .at(line)
        .fault("holds more than " + MOST_VALUES + " values here, with all aliases written out");
  }

  /** How large a tree is with every alias written out, found without writing them out. */
  private static final class Measure {
    private record Size(long values, int depth) {}

    /** Of a node that is being looked at. */
    private static final Size OPEN = new Size(-1, 0);

    private final IdentityHashMap<Node, Size> sizes = new IdentityHashMap<>();
    private final RawSetting.Lines where;

    Measure(RawSetting.Lines where) {
      this.where = where;
    }

    Size of(Node node) {
      if (node instanceof ScalarNode scalar) {
        return new Size(1 + scalar.getValue().length() / TEXT, 0);
      }
      int line = node.getStartMark().getLine();
      Size known = sizes.putIfAbsent(node, OPEN);
      if (known != null && known.equals(OPEN)) {
        throw where.at(line).fault("an alias inside leads back to here, so it has no end");
      }
      if (known != null) {
        return known;
      }
      long values = 1;
      int depth = 0;
      for (Node child : children(node)) {
        Size size = of(child);
        values += size.values();
        depth = Math.max(depth, size.depth());
        if (values > MOST_VALUES) {
          throw tooMany(line, where);
        }
      }
      if (depth + 1 > DEEPEST) {
        throw tooDeep(line, where);
      }
      Size size = new Size(values, depth + 1);
      sizes.put(node, size);
      return size;
    }

    private static List<Node> children(Node node) {
      if (node instanceof SequenceNode sequence) {
        return sequence.getValue();
      }
      return node instanceof MappingNode mapping
          ? mapping.getValue().stream()
              .flatMap(tuple -> Stream.of(tuple.getKeyNode(), tuple.getValueNode()))
              .toList()
          : List.of();
    }
  }
}
