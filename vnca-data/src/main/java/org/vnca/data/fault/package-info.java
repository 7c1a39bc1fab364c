/**
 * What is reported when a dataset cannot be found, read, trusted or written.
 *
 * <p>It has a room of its own because datasets and the reader of HDF5 files both throw it, and the
 * former are built on the latter. Not here: faults of other modules, which implement {@link
 * org.vnca.base.fault.ForPeople} where they arise.
 */
package org.vnca.data.fault;
