/**
 * Kinds of a part, such as update rules, that jars from outside may add to.
 *
 * <p>What a kind makes, and how its settings are read, is the business of the module that has the
 * part. Which jars a run was trained with is noted by the module that keeps runs.
 */
package org.vnca.base.kind;
