package org.vnca.data.imports;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.vnca.base.kind.Kinds;

/** The formats that datasets are imported from. */
public final class ImportFormats {
  private static final Kinds<ImportFormat> ALL =
      Kinds.of(
          new Kinds.Part<>(
              "dataset import", ImportFormat.class, Record.class, Kinds.Source.OPTIONS),
          List.of(
              new BuiltInFormat<>(
                  "binarized-mnist",
                  "the fixed binarization of MNIST, three text files",
                  "SOURCE is the folder with binarized_mnist_{train,valid,test}.amat, plain or"
                      + " gzipped.",
                  List.of(),
                  List.of("downloads --out data/binarized-mnist.h5"),
                  BinarizedMnistImport.Options.DEFAULT,
                  BinarizedMnistImport::new),
              new BuiltInFormat<>(
                  "mnist",
                  "MNIST or EMNIST, four idx files",
                  "SOURCE is the folder with the four idx files, plain or gzipped.",
                  List.of(),
                  List.of("downloads --out data/mnist.h5 --hold-out 10000"),
                  MnistImport.Options.DEFAULT,
                  MnistImport::new),
              new BuiltInFormat<>(
                  "images",
                  "pictures of a folder or a zip",
                  "SOURCE is a folder or a zip of PNG, JPEG, GIF, WebP, TIFF and BMP files, which"
                      + " become square RGB images, upright; those that are not square are put onto"
                      + " the middle of the background.",
                  List.of(),
                  List.of("emoji.zip --size 64 --out data/noto-64.h5"),
                  ImagesImport.Options.DEFAULT,
                  ImagesImport::new),
              new BuiltInFormat<>(
                  "celeba",
                  "CelebA in its official layout",
                  "SOURCE is the folder with img_align_celeba or img_align_celeba.zip,"
                      + " list_eval_partition.txt and, for --label, list_attr_celeba.txt.",
                  List.of(),
                  List.of("downloads --size 64 --out data/celeba-64.h5"),
                  CelebaImport.Options.DEFAULT,
                  CelebaImport::new),
              new BuiltInFormat<>(
                  "hdf5",
                  "arrays of an HDF5 file that another program made",
                  "SOURCE is an HDF5 file of another program with numbers of any type, [N, H, W] or"
                      + " [N, H, W, C] or with the axes in another --order.",
                  List.of(
                      "Found by themselves: arrays named alike but for a split, such as x_train and"
                          + " x_test or train/images and test/images (training, validation, val, dev"
                          + " and testing are known, too), or the only array of numbers with 3 or 4"
                          + " axes; among several, those called images, x or data. Labels: arrays"
                          + " called labels, y, targets or classes; numbers, one-hot rows or text,"
                          + " whose classes are sorted by name. The values are read once more before,"
                          + " for their range."),
                  List.of("theirs.h5 --order nchw --out data/theirs.h5"),
                  Hdf5Import.Options.DEFAULT,
                  Hdf5Import::new)));

  private ImportFormats() {}

  /** Those of the project and those of the jars on the class path. */
  public static Kinds<ImportFormat> all() {
    return ALL;
  }

  /** A format of the project. */
  private record BuiltInFormat<O extends Record>(
      String type,
      String summary,
      String needs,
      List<String> about,
      List<String> examples,
      O defaults,
      Function<O, DatasetImport> maker)
      implements ImportFormat {
    @Override
    public Optional<String> source() {
      return Optional.of(needs);
    }

    @Override
    @SuppressWarnings("unchecked") // the options were made from the defaults' class
    public DatasetImport make(Record options) {
      return maker.apply((O) options);
    }
  }
}
