/**
 * Datasets of images as HDF5 files: what they are, opening, reading and writing them.
 *
 * <p>A dataset is one HDF5 file: a group per split ({@code train}, {@code valid}, {@code test}),
 * each with {@code images} (uint8, {@code [N, H, W, C]}) and, where known, {@code labels} (uint8,
 * {@code [N]}). {@link org.vnca.data.ImageDataset} reads such files, and what h5py users bring;
 * {@link org.vnca.data.DatasetWriter} writes them. Memory does not grow with the file, for reading
 * or for writing.
 *
 * <p>Not here: the order in which training sees the images ({@link org.vnca.data.batch}), making
 * datasets out of other files ({@link org.vnca.data.imports}), and the file format itself ({@link
 * org.vnca.data.hdf5}). Pixels leave this module as the bytes they are: scaling, padding and
 * binarizing per step are graph operations and live elsewhere; nothing here knows TensorFlow.
 */
package org.vnca.data;
