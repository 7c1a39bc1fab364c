/**
 * A reader of HDF5 files, for arrays of numbers, enumerations and text: what {@code h5py} users
 * bring, in every layout that the HDF5 library has written since 1.0, read by positional reads.
 *
 * <p>Every value is the one that the HDF5 library reads, or there is a {@link
 * org.vnca.data.fault.DatasetException} that names the file and the path inside it. Nothing in a
 * file is trusted: counts and addresses are held against the file's length, and checksums are
 * verified wherever the format has them. Nothing is mapped into memory, and what is kept does not
 * grow with the number of chunks.
 *
 * <p>Not here, and refused by name: compound, opaque, reference, time and array types; virtual
 * datasets; data in other files (external storage); the filters nbit, scale-offset, szip and all
 * plug-ins. Nothing is written here.
 */
package org.vnca.data.hdf5;
