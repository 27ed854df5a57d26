package vigil.flink;

import java.io.IOException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonParser;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonToken;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.logical.LogicalType;

/** How a value becomes one of a column: {@code null} where it cannot. */
enum Scalar {
    TEXT {
        @Override
        Object of(JsonParser json, JsonToken value) throws IOException {
            return StringData.fromString(text(json, value));
        }
    },
    INTEGER {
        @Override
        Object of(JsonParser json, JsonToken value) throws IOException {
            Long whole = (Long) LONG.of(json, value);
            return whole != null && whole == whole.intValue() ? whole.intValue() : null;
        }
    },
    LONG {
        @Override
        Object of(JsonParser json, JsonToken value) throws IOException {
            switch (value) {
                case VALUE_NUMBER_INT:
                    boolean fits = json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
                    return fits ? json.getLongValue() : null;
                case VALUE_NUMBER_FLOAT:
                    double number = json.getDoubleValue();
                    return Math.abs(number) <= Long.MAX_VALUE ? (long) number : null;
                default:
                    return Long.parseLong(text(json, value).trim());
            }
        }
    },
    DOUBLE {
        @Override
        Object of(JsonParser json, JsonToken value) throws IOException {
            return value == JsonToken.VALUE_NUMBER_FLOAT
                    ? json.getDoubleValue()
                    : Double.parseDouble(text(json, value).trim());
        }
    };

    /** What reads a column of this type. */
    static Scalar of(LogicalType type) {
        switch (type.getTypeRoot()) {
            case VARCHAR:
                return TEXT;
            case INTEGER:
                return INTEGER;
            case BIGINT:
                return LONG;
            case DOUBLE:
                return DOUBLE;
            default:
                throw new ValidationException(
                        "flat-json reads STRING, INT, BIGINT and DOUBLE, no " + type);
        }
    }

    abstract Object of(JsonParser json, JsonToken value) throws IOException;

    /** Returns the value that {@code json} stands at; the message may be broken behind it. */
    final Object read(JsonParser json, JsonToken value) throws IOException {
        try {
            return value == JsonToken.VALUE_NULL ? null : of(json, value);
        } catch (NumberFormatException another) {
            return null;
        }
    }

    private static String text(JsonParser json, JsonToken value) throws IOException {
        switch (value) {
            case VALUE_STRING:
            case VALUE_TRUE:
            case VALUE_FALSE:
                return json.getText();
            case VALUE_NUMBER_INT:
            case VALUE_NUMBER_FLOAT:
                return json.getNumberValue().toString();
            default:
                return json.readValueAsTree().toString();
        }
    }
}
