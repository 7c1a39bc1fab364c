/**
 * An experiment as one file: the records of its settings, and the reading, overriding, writing and
 * comparing of descriptors.
 *
 * <p>A descriptor is YAML. Each record component is a key, its name in kebab-case; each choice
 * among kinds (a sealed interface of records) has the key {@code type}, the record's name in
 * kebab-case. Keys, types and defaults are derived from the records themselves: a new component, or
 * a new record permitted by a sealed interface, needs no further registration. A record's defaults
 * are its constant {@code PAPER}.
 *
 * <p>Not here: whether the data and the model fit each other beyond what the descriptor says (that
 * needs the data file), and anything that runs. The mapping is written on SnakeYAML's nodes instead
 * of a data-binding library because every refusal names the line of the key at fault, through
 * {@code extends} and {@code --set} alike, and a rule broken in a record's constructor must still
 * find the line that set the component.
 */
package org.vnca.train.experiment;
