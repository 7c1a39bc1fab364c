/**
 * Commands about datasets: {@code data info} and {@code data import}.
 *
 * <p>Not here: the formats themselves ({@link org.vnca.data.imports}); here is which options each
 * has.
 */
package org.vnca.cli.data;
