package org.vnca.graph.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class KindsTest {
  private static final Own SQUARE = new Own("square", new Side(3));

  @Test
  void kinds_areTheOwnOnesThenThoseOfServices() {
    Kinds<Shape> kinds = Kinds.of(List.of(SQUARE), Shape.class);
    assertThat(kinds.byType().keySet()).containsExactly("square", "circle");
    assertThat(kinds.of(new Side(8))).isSameAs(SQUARE);
    assertThat(kinds.of(new Radius(8)).type()).isEqualTo("circle");
  }

  @Test
  void settingsOfNoKind_areRefused() {
    Kinds<Shape> kinds = Kinds.of(List.of(SQUARE), Shape.class);
    assertThatThrownBy(() -> kinds.of(new Unknown()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Unknown")
        .hasMessageContaining("[square, circle]");
  }

  @Test
  void twoOfOneType_areRefused() {
    assertThatThrownBy(() -> Kinds.of(List.of(new Own("circle", new Side(1))), Shape.class))
        .hasMessageContaining("two Shapes are called circle")
        .hasMessageContaining("take one of the jars off the class path");
  }

  @Test
  void providerThatCannotBeMade_isNamed() {
    assertThatThrownBy(() -> Kinds.of(List.of(), Broken.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Broken that cannot be used")
        .hasMessageContaining("NoSuchClass");
  }

  /** What there are kinds of. */
  public interface Shape extends Kinds.Kind {}

  /** A service whose only provider does not exist. */
  public interface Broken extends Kinds.Kind {}

  private record Own(String type, Record defaults) implements Shape {}

  /** Settings. */
  public record Side(int side) {}

  /** Settings. */
  public record Radius(int radius) {}

  private record Unknown() {}

  /** As a jar would bring it. */
  public static final class Circle implements Shape {
    @Override
    public String type() {
      return "circle";
    }

    @Override
    public Record defaults() {
      return new Radius(2);
    }
  }
}
