/**
 * Numbers, permutations and binary pixels that a key chooses, by integer arithmetic alone: the same
 * on every machine and Java version, in whatever order they are asked for.
 *
 * <p>Not here: whose seed the key is, and what is drawn with it ({@link org.vnca.data.batch},
 * {@link org.vnca.data.imports}).
 */
package org.vnca.data.keyed;
