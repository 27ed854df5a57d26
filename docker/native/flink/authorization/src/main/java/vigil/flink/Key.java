package vigil.flink;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The key that changes need. It is read anew each time: it may be made, or made anew, later. */
final class Key {

    private static final Logger LOG = LoggerFactory.getLogger(Key.class);

    private final String file;

    Key(String file) {
        this.file = file == null ? "" : file;
        if (read().isEmpty()) {
            LOG.warn("no key in VIGIL_FLINK_KEY_FILE={}: all changes are refused", this.file);
        }
    }

    /** Whether {@code header} gives the key; never if there is none. */
    boolean isIn(String header) {
        String key = read();
        String right = "Bearer " + key;
        return !key.isEmpty()
                && header != null
                && MessageDigest.isEqual(bytes(right), bytes(header.strip()));
    }

    private String read() {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException | RuntimeException unreadable) {
            return "";
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
