/**
 * The program that made {@code embedded:digits}. It runs once, by hand; the framework itself only
 * reads the file. It is kept so that the file can be made again and checked.
 *
 * <p>Not here: reading the file, which is a dataset like any other.
 */
package org.vnca.data.digits;
