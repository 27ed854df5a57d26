package vigil.flink;

import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.Projection;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.format.ProjectableDecodingFormat;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DeserializationFormatFactory;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;

/**
 * Makes {@code 'format' = 'flat-json'} known to Flink's SQL.
 *
 * <p>Its one option, {@code 'flat-json.pattern.COLUMN' = 'REGEX'}, says what a text must match as a
 * whole: another is missing.
 */
public final class FlatJsonFormatFactory implements DeserializationFormatFactory {

    private static final ConfigOption<Map<String, String>> PATTERN =
            ConfigOptions.key("pattern").mapType().defaultValue(Map.of());

    @Override
    public String factoryIdentifier() {
        return "flat-json";
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of();
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return Set.of(PATTERN);
    }

    @Override
    public DecodingFormat<DeserializationSchema<RowData>> createDecodingFormat(
            DynamicTableFactory.Context context, ReadableConfig options) {
        FactoryUtil.validateFactoryOptions(this, options);
        return new Decoding(options.get(PATTERN));
    }

    private record Decoding(Map<String, String> patterns)
            implements ProjectableDecodingFormat<DeserializationSchema<RowData>> {

        @Override
        public DeserializationSchema<RowData> createRuntimeDecoder(
                DynamicTableSource.Context context, DataType all, int[][] wanted) {
            DataType produced = Projection.of(wanted).project(all);
            return new FlatJson(
                    (RowType) produced.getLogicalType(),
                    patterns,
                    context.createTypeInformation(produced));
        }

        @Override
        public ChangelogMode getChangelogMode() {
            return ChangelogMode.insertOnly();
        }
    }
}
