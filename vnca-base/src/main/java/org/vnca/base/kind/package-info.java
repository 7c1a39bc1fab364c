/**
 * Kinds of a part, such as update rules, that jars from outside may add to, and those jars.
 *
 * <p>Not here: what a kind makes and how its settings are read, which is the business of the module
 * that has the part, and which jars a run was trained with, which is noted by the module that keeps
 * runs.
 */
package org.vnca.base.kind;
