package vigil.flink;

import java.util.Map;
import java.util.Optional;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.io.network.netty.InboundChannelHandlerFactory;
import org.apache.flink.shaded.netty4.io.netty.channel.Channel;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandler;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInitializer;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelPipeline;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpServerCodec;

/** Puts an {@link Authorization} into each connection to Flink's REST interface. */
public final class AuthorizationFactory implements InboundChannelHandlerFactory {

    private static final String KEY_FILE = "VIGIL_FLINK_KEY_FILE";

    private final Key key = new Key(System.getenv(KEY_FILE));

    @Override
    public int priority() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Optional<ChannelHandler> createHandler(
            Configuration configuration, Map<String, String> responseHeaders) {
        return Optional.of(
                new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        addFirst(channel.pipeline(), responseHeaders);
                    }
                });
    }

    /**
     * Flink would put us behind what stores uploads, so we go where requests are made of bytes.
     * Where that is not found, the connection is closed.
     */
    private void addFirst(ChannelPipeline pipeline, Map<String, String> responseHeaders) {
        String codec = pipeline.context(HttpServerCodec.class).name();
        pipeline.addAfter(
                codec, Authorization.class.getName(), new Authorization(key, responseHeaders));
    }
}
