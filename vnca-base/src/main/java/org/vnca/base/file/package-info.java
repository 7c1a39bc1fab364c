/**
 * Files that are whole at every moment: what a program that is killed, a full disk or a second
 * process leaves is either the file that was there or the new one, never a part of it.
 *
 * <p>Not here: files that grow (metrics, tables of an evaluation); only the rename that ends them
 * is.
 */
package org.vnca.base.file;
