/**
 * What makes a dataset file out of what people have: published files of digits, folders and zips of
 * pictures, CelebA.
 *
 * <p>Each format is a {@link org.vnca.data.imports.DatasetImport}, and a line of {@link
 * org.vnca.data.imports.ImportFormats}; jars may bring others. The images go from the source to
 * {@link org.vnca.data.DatasetWriter} one by one, so that memory does not grow with their number.
 *
 * <p>Not here: reading and writing HDF5, and how far a writer is ({@link
 * org.vnca.data.ImportProgress}), which lie in {@link org.vnca.data}. That package does not know
 * this one.
 */
package org.vnca.data.imports;
