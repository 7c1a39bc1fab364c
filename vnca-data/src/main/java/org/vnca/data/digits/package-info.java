/**
 * The program that made {@code embedded:digits}. It runs once, by hand; the framework itself only
 * reads the file. It is kept so that the file can be made again and checked.
 */
package org.vnca.data.digits;
