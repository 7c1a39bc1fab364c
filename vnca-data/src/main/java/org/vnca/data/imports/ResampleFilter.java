package org.vnca.data.imports;

/**
 * How a pixel of a resized image is made of the original's. When an image shrinks, a filter widens
 * by the factor, so that every original pixel counts (Pillow's resize does the same).
 */
public enum ResampleFilter {
  /** The mean over the area that the new pixel covers, parts of old pixels included. */
  AREA(0.5) {
    @Override
    double at(double x) {
      throw new UnsupportedOperationException("an area is not a function of the distance");
    }

    @Override
    double weight(double low, double high, int pixel) {
      return Math.max(0, Math.min(high, pixel + 1) - Math.max(low, pixel));
    }
  },
  /** Weights that fall linearly to the neighbours; Pillow's and torchvision's "bilinear". */
  TRIANGLE(1) {
    @Override
    double at(double x) {
      return Math.max(0, 1 - Math.abs(x));
    }
  },
  /** The sinc function within three periods of its own window; the sharpest. */
  LANCZOS(3) {
    @Override
    double at(double x) {
      return Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0;
    }

    private static double sinc(double x) {
      return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }
  };

  private final double support;

  ResampleFilter(double support) {
    this.support = support;
  }

  /** The filter's value at a distance in pixels. */
  abstract double at(double x);

  /**
   * The weight of a pixel.
   *
   * @param low where the new pixel begins, in old ones
   * @param high where it ends
   */
  double weight(double low, double high, int pixel) {
    return at((pixel + 0.5 - (low + high) / 2) / Math.max(1, high - low));
  }

  /**
   * The weights that turn one row into another.
   *
   * @param from pixels of the row
   * @param to pixels of the new row
   */
  Weights weights(int from, int to) {
    double scale = (double) from / to;
    double wide = Math.max(1, scale);
    int[] first = new int[to];
    float[][] weights = new float[to][];
    for (int i = 0; i < to; i++) {
      double center = (i + 0.5) * scale;
      int low = (int) Math.max(0, Math.floor(center - support * wide));
      int high = (int) Math.min(from, Math.ceil(center + support * wide));
      double[] raw = new double[high - low];
      double sum = 0;
      for (int k = 0; k < raw.length; k++) {
        raw[k] = weight(i * scale, (i + 1) * scale, low + k);
        sum += raw[k];
      }
      first[i] = low;
      weights[i] = new float[raw.length];
      for (int k = 0; k < raw.length; k++) {
        weights[i][k] = (float) (raw[k] / sum);
      }
    }
    return new Weights(first, weights);
  }

  /**
   * Weights of a row's pixels.
   *
   * @param first for each new pixel the first old one that counts
   * @param weights for each new pixel those of the old ones from there on; their sum is 1
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Weights(int[] first, float[][] weights) {
    /** Makes a new row of pixels of four values, which lie {@code stride} values apart. */
    void apply(float[] old, int at, int stride, float[] made, int to, int madeStride) {
      for (int i = 0; i < first.length; i++) {
        for (int c = 0; c < Pixmap.CHANNELS; c++) {
          float sum = 0;
          for (int k = 0; k < weights[i].length; k++) {
            sum += weights[i][k] * old[at + (first[i] + k) * stride + c];
          }
          made[to + i * madeStride + c] = sum;
        }
      }
    }
  }
}
