package org.vnca.data.imports;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.vnca.data.fault.DatasetException;
import org.vnca.data.keyed.KeyedPermutation;

/**
 * Which of some images are held out: a keyed permutation says it, so that the same images give the
 * same splits anywhere.
 *
 * @param test share of all images, from 0 and below 1, for the split {@code test}
 * @param valid the same for {@code valid}; the sum must be below 1
 */
record SplitShares(double test, double valid) {
  private static final long KEY = 0x696d61676573L;

  SplitShares {
    if (!(test >= 0 && valid >= 0 && test + valid < 1)) {
      throw new DatasetException(
          "the shares of test and valid must be at least 0 and together below 1, but are %s and %s"
              .formatted(test, valid));
    }
  }

  /** The places of the images of train, valid and test, in this order; each may be empty. */
  Map<String, BitSet> of(int count) {
    Map<String, BitSet> splits = new LinkedHashMap<>();
    splits.put("train", new BitSet());
    splits.put("valid", new BitSet());
    splits.put("test", new BitSet());
    int inTest = part(test, count);
    int held = Math.min(inTest + part(valid, count), count);
    splits.get("train").set(0, count);
    if (held > 0) {
      KeyedPermutation order = KeyedPermutation.of(KEY, count);
      for (int i = 0; i < held; i++) {
        splits.get(i < inTest ? "test" : "valid").set(order.at(i));
        splits.get("train").clear(order.at(i));
      }
    }
    return splits;
  }

  /** A share that is wanted has one image at least, where there are some. */
  private static int part(double share, int count) {
    int least = share > 0 && count > 2 ? 1 : 0;
    return Math.max(least, (int) Math.round(share * count));
  }
}
