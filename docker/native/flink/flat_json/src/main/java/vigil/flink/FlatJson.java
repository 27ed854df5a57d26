package vigil.flink;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonParser;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonToken;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.json.JsonReadFeature;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.util.Collector;

/**
 * Reads a JSON object without columns inside columns, as it comes, into a row.
 *
 * <p>It makes the row that Flink's {@code json} makes with {@code ignore-parse-errors} and without
 * {@code decode.json-parser}, for columns of texts and numbers: a value of the wrong type is
 * missing, and of two with one name the last counts. Flink builds a tree of each message for that;
 * this reads it once and builds nothing. A message that is more or less than one object makes no
 * row. Texts with a pattern are ids, which come again and again: each is looked at once and then
 * known, where SQL's {@code REGEXP} looks at it in every message; a number is none.
 */
public final class FlatJson implements DeserializationSchema<RowData> {

    private static final long serialVersionUID = 1L;

    private final Map<String, Integer> positions = new HashMap<>();
    private final Scalar[] types;
    private final Pattern[] patterns;
    private final TypeInformation<RowData> produced;
    private transient ObjectMapper mapper;
    private transient Known[] known;

    FlatJson(RowType row, Map<String, String> patterns, TypeInformation<RowData> produced) {
        this.produced = produced;
        this.patterns = new Pattern[row.getFieldCount()];
        types = row.getChildren().stream().map(Scalar::of).toArray(Scalar[]::new);
        for (String name : row.getFieldNames()) {
            if (patterns.containsKey(name)) {
                this.patterns[positions.size()] = Pattern.compile(patterns.get(name));
            }
            positions.put(name, positions.size());
        }
    }

    @Override
    public void open(InitializationContext context) {
        mapper = new ObjectMapper();
        mapper.enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS.mappedFeature());
        known = new Known[patterns.length];
        for (int i = 0; i < patterns.length; i++) {
            known[i] = patterns[i] == null ? null : new Known(patterns[i]);
        }
    }

    @Override
    public void deserialize(byte[] message, Collector<RowData> out) {
        RowData row = deserialize(message);
        if (row != null) {
            out.collect(row);
        }
    }

    /** Returns the row of an object that is all of a message, or {@code null}. */
    @Override
    public RowData deserialize(byte[] message) {
        if (message == null) {
            return null; // what a deleted key leaves behind
        }
        try (JsonParser json = mapper.getFactory().createParser(message)) {
            RowData row = json.nextToken() == JsonToken.START_OBJECT ? row(json) : null;
            return json.nextToken() == null ? row : null;
        } catch (IOException | RuntimeException notJson) {
            return null; // whatever is wrong with one message ends nothing
        }
    }

    private RowData row(JsonParser json) throws IOException {
        GenericRowData row = new GenericRowData(types.length);
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            Integer position = positions.get(name);
            JsonToken value = json.nextToken();
            if (position != null) {
                row.setField(position, field(json, value, position));
            }
            json.skipChildren();
        }
        return row;
    }

    private Object field(JsonParser json, JsonToken token, int position) throws IOException {
        if (known[position] == null) {
            return types[position].read(json, token);
        }
        return token == JsonToken.VALUE_STRING ? known[position].text(json.getText()) : null;
    }

    @Override
    public boolean isEndOfStream(RowData row) {
        return false;
    }

    @Override
    public TypeInformation<RowData> getProducedType() {
        return produced;
    }
}
