package org.vnca.train.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTensorsTest {
  @TempDir Path folder;

  @Test
  void written_isReadBackExactly() {
    Map<String, SafeTensors.Tensor> tensors = new LinkedHashMap<>();
    tensors.put(
        "b", new SafeTensors.Tensor(new int[] {2, 3}, new float[] {1, -0f, 3e-39f, 4, 5, 6}));
    tensors.put("a.weight", new SafeTensors.Tensor(new int[0], new float[] {7}));
    Path file = folder.resolve("new/some.safetensors");
    SafeTensors.write(file, tensors, Map.of("format", "pt"));
    Map<String, SafeTensors.Tensor> read = SafeTensors.read(file);
    assertThat(read).containsOnlyKeys("b", "a.weight");
    assertThat(read.get("b").values()).isEqualTo(tensors.get("b").values());
    assertThat(read.get("b").shape()).containsExactly(2, 3);
    assertThat(read.get("a.weight").shape()).isEmpty();
    assertThat(file.getParent())
        .isDirectoryContaining("glob:**/some.safetensors")
        .isDirectoryNotContaining("glob:**/.*");
  }

  @Test
  void otherTypes_becomeFloats() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(8 + 6 + 4).order(ByteOrder.LITTLE_ENDIAN);
    data.putDouble(0.125)
        .putShort((short) 0x3C00)
        .putShort((short) 0x8001)
        .putShort((short) 0xC200);
    data.putShort((short) 0x3F80).putShort((short) 0xC049);
    Map<String, SafeTensors.Tensor> read =
        SafeTensors.read(
            file(
                "{\"d\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                    + "\"h\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[8,14]},"
                    + "\"b\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[14,18]}}",
                data.array()));
    assertThat(read.get("d").values()).containsExactly(0.125f);
    assertThat(read.get("h").values()).containsExactly(1, -0x1p-24f, -3);
    assertThat(read.get("b").values()).containsExactly(1, -3.140625f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[0,8]  | F32 | [2] | 0 | ",
        "[0,8]  | F32 | [2] | 4 | its tensors end at byte 8 of 12",
        "[4,12] | F32 | [2] | 4 | t lies at bytes 4 to 12, where byte 0 should follow",
        "[0,16] | F32 | [4] | 0 | t lies at bytes 0 to 16, where byte 0 should follow",
        "[0,8]  | F32 | [3] | 0 | t has 8 bytes, but its shape needs 12",
        "[0,8]  | F32 | ['2'] | 0 | its header says \"2\" in the shape or place of t",
        "[0,8]  | F32 | [4294967298] | 0 | its header says 4294967298 in the shape or place of t",
        "[0,8.5] | F32 | [2] | 0 | its header says 8.5 in the shape or place of t",
        "{'a':0,'b':8} | F32 | [2] | 0 | its header says no shape or place of t",
        "[0,8]  | F32 | {'a':2} | 0 | its header says no shape or place of t",
        "[0,8]  | I64 | [1] | 0 | t is of type I64; save it as float32"
      })
  void damaged_isRefusedWithTheReason(
      String offsets, String type, String shape, int more, String reason) throws IOException {
    Path file =
        file(
            "{\"t\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}"
                .formatted(type, shape, offsets)
                .replace('\'', '"'),
            new byte[8 + more]);
    if (reason == null) {
      assertThat(SafeTensors.read(file)).containsKey("t");
    } else {
      assertThatThrownBy(() -> SafeTensors.read(file))
          .isInstanceOf(ExchangeException.class)
          .hasMessageContaining(reason);
    }
  }

  @Test
  void valuesThatCannotBeKept_areRefused() throws IOException {
    ByteBuffer wide = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(0, 0.1);
    String header = "{\"t\":{\"dtype\":\"%s\",\"shape\":[%d],\"data_offsets\":[0,8]}}";
    assertThatThrownBy(() -> SafeTensors.read(file(header.formatted("F64", 1), wide.array())))
        .hasMessageContaining("t is float64 and would lose digits; save it as float32");
    wide.putDouble(0, 1e300);
    assertThatThrownBy(() -> SafeTensors.read(file(header.formatted("F64", 1), wide.array())))
        .hasMessageContaining("t holds 1.0E300, beyond what float32 can hold");
    wide.putDouble(0, Double.NaN);
    assertThatThrownBy(() -> SafeTensors.read(file(header.formatted("F64", 1), wide.array())))
        .hasMessageContaining("t holds NaN; a model with it cannot be used");
    ByteBuffer none = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    none.putFloat(4, Float.NaN);
    assertThatThrownBy(() -> SafeTensors.read(file(header.formatted("F32", 2), none.array())))
        .hasMessageContaining("t holds NaN");
    assertThatThrownBy(() -> SafeTensors.read(folder.resolve("nowhere")))
        .hasMessageContaining("nowhere does not exist; name a safetensors file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'t':%s}   | ",
        "{'__metadata__':{'step':'3'},'t':%s} | ",
        "{'t':%s} x | its header is not one JSON object that has each key once",
        "{'t':%s} {'a':1} | its header is not one JSON object that has each key once",
        "{'t':%s,'t':%<s} | its header is not one JSON object that has each key once",
        "{'t':{'dtype':'F16','dtype':'F32'}} | its header is not one JSON object that has each key",
        "[%s] | its header is no JSON object",
        "null | its header is no JSON object",
        "'ab' | its header is no JSON object",
        "{'__metadata__':'x','t':%s} | its __metadata__ is no map of texts",
        "{'__metadata__':{'step':3},'t':%s} | its __metadata__ is no map of texts"
      })
  void header_isOneObjectAndNothingElse(String header, String reason) throws IOException {
    String tensor = "{'dtype':'F32','shape':[2],'data_offsets':[0,8]}";
    Path file = file(header.formatted(tensor).replace('\'', '"'), new byte[8]);
    if (reason == null) {
      assertThat(SafeTensors.read(file)).containsOnlyKeys("t");
      assertThat(SafeTensors.shapes(file).get("t")).containsExactly(2);
    } else {
      assertThatThrownBy(() -> SafeTensors.shapes(file))
          .isInstanceOf(ExchangeException.class)
          .hasMessageContaining(reason);
    }
  }

  @Test
  void wideTensor_isKnownByItsShape_andRefusedWithoutBeingRead() throws IOException {
    byte[] text =
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[600000000],\"data_offsets\":[0,2400000000]}}"
            .getBytes(StandardCharsets.UTF_8);
    Path file = folder.resolve("wide.safetensors");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.write(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).array());
      sparse.write(text);
      sparse.setLength(8 + text.length + 2_400_000_000L);
    }
    assertThat(SafeTensors.shapes(file).get("t")).containsExactly(600_000_000);
    assertThatThrownBy(() -> SafeTensors.read(file))
        .isInstanceOf(ExchangeException.class)
        .hasMessageContaining("t has 2400000000 bytes, more than any parameter of a model");
  }

  @Test
  void cutFile_isRefused() throws IOException {
    Path file =
        file("{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", new byte[8]);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += 3) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> SafeTensors.read(file))
          .as(length + " bytes")
          .isInstanceOf(ExchangeException.class)
          .hasMessageContaining("no whole safetensors file");
    }
    Files.write(file, new byte[] {-1, -1, -1, -1, -1, -1, -1, 127, 0});
    assertThatThrownBy(() -> SafeTensors.read(file)).hasMessageContaining("its header would have");
  }

  private Path file(String header, byte[] data) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(text.length).put(text).put(data);
    return Files.write(folder.resolve("t.safetensors"), file.array());
  }
}
