package org.vnca.eval.playground;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vnca.graph.description.DecoderDescription;
import org.vnca.graph.description.Description;
import org.vnca.graph.description.ModelDescription;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.spec.InputSpec;

/** The model as the page reads it, in JSON. */
final class ModelText {
  /** What the page can read; another number is refused there. */
  private static final int FORMAT = 1;

  private static final ObjectMapper JSON = mapper();

  private ModelText() {}

  /** JSON has no number that is not finite: there it is nothing. */
  private static ObjectMapper mapper() {
    SimpleModule finite = new SimpleModule();
    finite.addSerializer(Double.class, new FiniteOrNull(Double.class));
    finite.addSerializer(Double.TYPE, new FiniteOrNull(Double.TYPE));
    return new ObjectMapper().registerModule(finite);
  }

  private static final class FiniteOrNull extends StdSerializer<Double> {
    private static final long serialVersionUID = 1L;

    FiniteOrNull(Class<Double> type) {
      super(type);
    }

    @Override
    public void serialize(Double value, JsonGenerator out, SerializerProvider all)
        throws IOException {
      if (Double.isFinite(value)) {
        out.writeNumber(value.doubleValue());
      } else {
        out.writeNull();
      }
    }
  }

  /**
   * Writes it.
   *
   * @param more what else the page gets, by name
   */
  static String of(ModelDescription model, PackedWeights weights, Map<String, Object> more) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("format", FORMAT);
    all.put("image", image(model.input()));
    all.put("latent", model.latent());
    all.put("stages", model.decoder().stages());
    all.put("rules", model.decoder().rules().stream().map(ModelText::rule).toList());
    all.put("likelihood", model.likelihood().fields());
    all.put("weights", weights.fields());
    all.putAll(more);
    return json(all);
  }

  /** Any object as JSON in a line. */
  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> image(InputSpec input) {
    ImageShape whole = input.padded();
    ImageShape stored = input.stored();
    Map<String, Object> inner = new LinkedHashMap<>();
    inner.put("top", (whole.height() - stored.height()) / 2);
    inner.put("left", (whole.width() - stored.width()) / 2);
    inner.put("height", stored.height());
    inner.put("width", stored.width());
    Map<String, Object> image = new LinkedHashMap<>();
    image.put("height", whole.height());
    image.put("width", whole.width());
    image.put("channels", whole.channels());
    image.put("inner", inner);
    return image;
  }

  private static Map<String, Object> rule(DecoderDescription.Rule rule) {
    Map<String, Object> apply = new LinkedHashMap<>();
    apply.put("updates", fields(rule.apply().updates()));
    apply.put("noise", rule.apply().noise().orElse(null));
    apply.put("living", fields(rule.apply().living()));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("net", rule.net().fields());
    fields.put("apply", apply);
    return fields;
  }

  private static List<Object> fields(List<Description> descriptions) {
    return new ArrayList<>(descriptions.stream().map(Description::fields).toList());
  }
}
