package org.vnca.cli.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.vnca.cli.frame.UsageException;
import org.vnca.cli.frame.Words;
import org.vnca.data.imports.BinarizedMnistImport;
import org.vnca.data.imports.CelebaImport;
import org.vnca.data.imports.DatasetImport;
import org.vnca.data.imports.Hdf5Import;
import org.vnca.data.imports.ImagesImport;
import org.vnca.data.imports.MnistImport;
import org.vnca.data.imports.ResampleFilter;
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
      return List.of(BINARIZE, HOLD_OUT, TRANSPOSE);
    }

    @Override
    DatasetImport importer(Words words) {
      OptionalLong seed = words.seed(BINARIZE).map(OptionalLong::of).orElseGet(OptionalLong::empty);
      return new MnistImport(
          new MnistImport.Options(seed, words.whole(HOLD_OUT, 0).orElse(0), words.has(TRANSPOSE)));
    }
  },

  /** A folder or a zip of pictures. */
  IMAGES("images") {
    @Override
    List<String> options() {
      return List.of(
          SIZE, TEST_SHARE, VALID_SHARE, BACKGROUND, FILTER, SKIP_BAD, LABELS_BY_FOLDER);
    }

    @Override
    DatasetImport importer(Words words) {
      return new ImagesImport(
          new ImagesImport.Options(
              size(words),
              words.share(TEST_SHARE).orElse(0.2),
              words.share(VALID_SHARE).orElse(0.1),
              words.choice(BACKGROUND, List.of("white", "black")).orElse("white").equals("white")
                  ? 255
                  : 0,
              filter(words, ResampleFilter.LANCZOS),
              words.has(SKIP_BAD),
              words.has(LABELS_BY_FOLDER)));
    }
  },

  /** The aligned faces in their official layout. */
  CELEBA("celeba") {
    @Override
    List<String> options() {
      return List.of(SIZE, CROP, LABEL, FILTER, SKIP_BAD);
    }

    @Override
    DatasetImport importer(Words words) {
      return new CelebaImport(
          new CelebaImport.Options(
              size(words),
              words.choice(CROP, List.of("none", "square")).orElse("none").equals("square"),
              filter(words, ResampleFilter.TRIANGLE),
              words.text(LABEL),
              words.has(SKIP_BAD)));
    }
  },

  /** Images of an HDF5 file that another program made. */
  HDF5("hdf5") {
    @Override
    List<String> options() {
      return List.of(IMAGES_PATH, LABELS, ORDER, SCALE, TEST_SHARE, VALID_SHARE);
    }

    @Override
    DatasetImport importer(Words words) {
      return new Hdf5Import(
          new Hdf5Import.Options(
              words.text(IMAGES_PATH),
              words.text(LABELS),
              words.text(ORDER),
              words.text(SCALE),
              words.share(TEST_SHARE),
              words.share(VALID_SHARE)));
    }
  };

  static final String IMAGES_PATH = "images";
  static final String ORDER = "order";
  static final String SCALE = "scale";
  static final String LABELS = "labels";
  static final String LABELS_BY_FOLDER = "labels-by-folder";
  static final String BINARIZE = "binarize";
  static final String HOLD_OUT = "hold-out";
  static final String TRANSPOSE = "transpose";
  static final String SIZE = "size";
  static final String TEST_SHARE = "test-share";
  static final String VALID_SHARE = "valid-share";
  static final String BACKGROUND = "background";
  static final String FILTER = "filter";
  static final String CROP = "crop";
  static final String LABEL = "label";
  static final String SKIP_BAD = "skip-bad";

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

  /** What a format is called on the command line. */
  static List<String> words() {
    return Arrays.stream(values()).map(format -> format.word).toList();
  }

  private static int size(Words words) {
    return words
        .whole(SIZE, 1)
        .orElseThrow(() -> words.fault("--size is needed, such as --size 64"));
  }

  private static ResampleFilter filter(Words words, ResampleFilter otherwise) {
    List<String> names =
        Arrays.stream(ResampleFilter.values()).map(f -> f.name().toLowerCase(Locale.ROOT)).toList();
    return words
        .choice(FILTER, names)
        .map(name -> ResampleFilter.valueOf(name.toUpperCase(Locale.ROOT)))
        .orElse(otherwise);
  }

  private static UsageException unknown(Words words, String word) {
    List<String> known = words();
    return words.fault(
        "unknown format '%s'; %s"
            .formatted(
                word,
                Nearest.to(word, known)
                    .map(near -> "did you mean " + near + "?")
                    .orElse("the formats are " + String.join(", ", known))));
  }
}
