package org.vnca.cli;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.vnca.data.BinarizedMnistImport;
import org.vnca.data.DatasetImport;
import org.vnca.data.MnistImport;
import org.vnca.train.experiment.Nearest;

/** The formats that can be imported, and which options each has. */
enum ImportFormat {
  /** Three text files. */
  BINARIZED_MNIST("binarized-mnist") {
    @Override
    List<String> options() {
      return List.of(LABELS);
    }

    @Override
    DatasetImport importer(Words words) {
      return new BinarizedMnistImport(new BinarizedMnistImport.Options(words.pathOf(LABELS)));
    }
  },

  /** Four idx files. */
  MNIST("mnist") {
    @Override
    List<String> options() {
      return List.of(BINARIZE, HOLD_OUT);
    }

    @Override
    DatasetImport importer(Words words) {
      OptionalLong seed = words.seed(BINARIZE).map(OptionalLong::of).orElseGet(OptionalLong::empty);
      return new MnistImport(new MnistImport.Options(seed, words.whole(HOLD_OUT, 0).orElse(0)));
    }
  };

  static final String LABELS = "labels";
  static final String BINARIZE = "binarize";
  static final String HOLD_OUT = "hold-out";

  private final String word;

  ImportFormat(String word) {
    this.word = word;
  }

  /** The options that are this format's own. */
  abstract List<String> options();

  /** The import with the options that stand on the command line. */
  abstract DatasetImport importer(Words words);

  /**
   * The format that the first operand names.
   *
   * @throws UsageException if it names none, or an option stands there that is another format's
   */
  static ImportFormat of(Words words) {
    String word = words.operands().get(0);
    ImportFormat format =
        Arrays.stream(values())
            .filter(candidate -> candidate.word.equals(word))
            .findFirst()
            .orElseThrow(() -> unknown(words, word));
    for (ImportFormat other : values()) {
      for (String option : other.options()) {
        if (words.has(option) && !format.options().contains(option)) {
          throw words.fault(
              "--%s is an option of %s, not of %s".formatted(option, other.word, format.word));
        }
      }
    }
    return format;
  }

  private static UsageException unknown(Words words, String word) {
    List<String> known = Arrays.stream(values()).map(format -> format.word).toList();
    return words.fault(
        "unknown format '%s'; %s"
            .formatted(
                word,
                Nearest.to(word, known)
                    .map(near -> "did you mean " + near + "?")
                    .orElse("the formats are " + String.join(", ", known))));
  }
}
