/**
 * Datasets of images: HDF5 files, and the stream of training batches. What makes them out of other
 * files is {@link org.vnca.data.imports}.
 *
 * <p>A dataset is one HDF5 file: a group per split ({@code train}, {@code valid}, {@code test}),
 * each with {@code images} (uint8, {@code [N, H, W, C]}) and, where known, {@code labels} (uint8,
 * {@code [N]}). {@link org.vnca.data.ImageDataset} reads such files, and what h5py users bring;
 * {@link org.vnca.data.DatasetWriter} writes them; {@link org.vnca.data.BatchStream} is the order
 * in which training sees the images. Memory does not grow with the file, for reading or for
 * writing.
 *
 * <p>Pixels leave this package as the bytes they are. Scaling, padding and binarizing per step are
 * graph operations and live elsewhere; nothing here knows TensorFlow.
 */
package org.vnca.data;
