package vigil.flink;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.flink.table.data.StringData;

/** The texts of one column that have come and match its pattern. */
final class Known {

    private static final int MOST = 1 << 16;

    private final Map<String, StringData> texts = new HashMap<>();
    private final Pattern pattern;

    Known(Pattern pattern) {
        this.pattern = pattern;
    }

    /** Returns a text that matches the pattern as a whole, or {@code null} in its place. */
    StringData text(String text) {
        StringData before = texts.get(text);
        return before == null ? first(text) : before;
    }

    private StringData first(String text) {
        if (!pattern.matcher(text).matches()) {
            return null;
        }
        if (texts.size() == MOST) {
            texts.clear();
        }
        StringData known = StringData.fromString(text);
        texts.put(text, known);
        return known;
    }
}
