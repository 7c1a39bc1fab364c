package org.vnca.train.board;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * The messages of TensorBoard's HParams plugin, as bytes (TensorBoard, {@code
 * plugins/hparams/plugin_data.proto}).
 *
 * <p>The plugin's own classes are not in TensorFlow Java's jars, so the few fields that are needed
 * are encoded here. The version of the plugin's data is 0, which is protobuf's default and
 * therefore not written.
 */
final class HParams {
  static final String PLUGIN = "hparams";
  static final String SESSION_START_TAG = "_hparams_/session_start_info";
  static final String SESSION_END_TAG = "_hparams_/session_end_info";

  private static final int DATA_SESSION_START = 3;
  private static final int DATA_SESSION_END = 4;
  private static final int START_HPARAMS = 1;
  private static final int START_GROUP_NAME = 4;
  private static final int START_TIME_SECS = 5;
  private static final int END_STATUS = 1;
  private static final int END_TIME_SECS = 2;
  private static final int MAP_KEY = 1;
  private static final int MAP_VALUE = 2;
  private static final int STATUS_SUCCESS = 1;
  private static final int STATUS_FAILURE = 2;

  private HParams() {}

  /** {@code HParamsPluginData.session_start_info}; settings without a value are left out. */
  static ByteString sessionStart(Map<String, ?> settings, double startTimeSecs, String groupName) {
    return message(
        data ->
            data.writeBytes(
                DATA_SESSION_START,
                message(
                    start -> {
                      for (Map.Entry<String, ?> setting : settings.entrySet()) {
                        if (setting.getValue() != null) {
                          start.writeBytes(START_HPARAMS, entry(setting));
                        }
                      }
                      start.writeString(START_GROUP_NAME, groupName);
                      start.writeDouble(START_TIME_SECS, startTimeSecs);
                    })));
  }

  /** {@code HParamsPluginData.session_end_info}. */
  static ByteString sessionEnd(boolean success, double endTimeSecs) {
    return message(
        data ->
            data.writeBytes(
                DATA_SESSION_END,
                message(
                    end -> {
                      end.writeEnum(END_STATUS, success ? STATUS_SUCCESS : STATUS_FAILURE);
                      end.writeDouble(END_TIME_SECS, endTimeSecs);
                    })));
  }

  private static ByteString entry(Map.Entry<String, ?> setting) {
    return message(
        entry -> {
          entry.writeString(MAP_KEY, setting.getKey());
          entry.writeMessage(MAP_VALUE, value(setting.getValue()));
        });
  }

  /** A number, a boolean, or else text; not-a-number and infinities are text, as JSON has none. */
  private static Value value(Object setting) {
    if (setting instanceof Boolean flag) {
      return Value.newBuilder().setBoolValue(flag).build();
    }
    if (setting instanceof Number number && Double.isFinite(number.doubleValue())) {
      return Value.newBuilder().setNumberValue(number.doubleValue()).build();
    }
    return Value.newBuilder().setStringValue(String.valueOf(setting)).build();
  }

  private static ByteString message(Fields fields) {
    ByteString.Output bytes = ByteString.newOutput();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      fields.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("memory refused a hyperparameter message", e);
    }
    return bytes.toByteString();
  }

  @FunctionalInterface
  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }
}
