/**
 * What a command is written with: how it is explained, its options, the words that it was given,
 * and how it answers, as text or as JSON.
 *
 * <p>Not here: the commands themselves, and which there are ({@link org.vnca.cli.Commands}).
 */
package org.vnca.cli.frame;
