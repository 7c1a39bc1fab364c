package org.vnca.data.imports;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What an option of an import does: stands at a component of the record of its settings. The
 * component {@code skipBad} is the option {@code --skip-bad}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface ImportOption {
  /**
   * What it does, for the help. The default is put behind it, unless it is an optional one's or a
   * truth value's.
   */
  String value();

  /** What the help calls its value; N, NUMBER, WORD or PATH by its type if that is empty. */
  String argument() default "";

  /** Whether it must be given. */
  boolean required() default false;
}
