package org.vnca.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DatasetPathsTest {
  @Test
  void constructor_dropsLeadingSlashes() {
    assertThat(new DatasetPaths("/a/images", "/a/labels"))
        .isEqualTo(new DatasetPaths("a/images", "a/labels"));
  }

  @Test
  void constructor_withPathsThatBreakARule_isRefused() {
    assertThatThrownBy(() -> new DatasetPaths("/", "labels"))
        .hasMessage(
            "the path of the images must name a dataset and hold {split} at most once, but is '/'");
    assertThatThrownBy(() -> new DatasetPaths("{split}/{split}", "{split}"))
        .hasMessageContaining("at most once");
    assertThatThrownBy(() -> new DatasetPaths("{split}/images", "labels"))
        .hasMessage(
            "the paths of images and labels must both hold {split} or neither, but are"
                + " '{split}/images' and 'labels'");
  }
}
