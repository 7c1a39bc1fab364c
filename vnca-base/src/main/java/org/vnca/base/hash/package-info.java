/** Functions of bits whose results are kept in files or decide draws, and so must never change. */
package org.vnca.base.hash;
