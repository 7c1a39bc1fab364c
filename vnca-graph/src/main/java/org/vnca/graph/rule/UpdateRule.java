package org.vnca.graph.rule;

import org.vnca.base.kind.Kinds;
import org.vnca.graph.spec.UpdateSpec;

/**
 * One kind of rule: what a descriptor calls it, its settings, and how it is made. A jar brings
 * another one by naming its class in {@code META-INF/services/org.vnca.graph.rule.UpdateRule}.
 */
public interface UpdateRule extends Kinds.Kind {

  /**
   * Makes the rule.
   *
   * @param settings of the class of {@link #defaults}
   * @param name with which the names of its parameters begin
   * @param channels of a cell
   */
  Rule make(UpdateSpec settings, String name, int channels);
}
