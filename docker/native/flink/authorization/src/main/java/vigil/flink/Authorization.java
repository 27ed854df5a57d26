package vigil.flink;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBuf;
import org.apache.flink.shaded.netty4.io.netty.buffer.Unpooled;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelFuture;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelFutureListener;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandlerContext;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInboundHandlerAdapter;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.DefaultFullHttpResponse;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.FullHttpResponse;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpHeaderNames;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpHeaderValues;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpMethod;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpRequest;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpVersion;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.LastHttpContent;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.QueryStringDecoder;
import org.apache.flink.shaded.netty4.io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets everybody read, and refuses, with 403, to change anything without the key. */
final class Authorization extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Authorization.class);

    private static final Set<HttpMethod> READING =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    /** Flink cancels and stops jobs by a plain link, too: {@code /jobs/:id/yarn-cancel}. */
    private static final String CHANGING_LINK = "yarn-";

    private static final String REFUSAL =
            "{\"errors\":[\"Changes need the key of VIGIL_FLINK_KEY_FILE: send it as the header"
                    + " Authorization: Bearer KEY (docs/operating.md says how).\"]}";

    private final Key key;
    private final Map<String, String> responseHeaders;

    /** The refusal, once one was sent: whatever comes behind it on this connection is dropped. */
    private ChannelFuture refusal;

    Authorization(Key key, Map<String, String> responseHeaders) {
        this.key = key;
        this.responseHeaders = responseHeaders;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (refusal == null && message instanceof HttpRequest request && !isAllowed(request)) {
            LOG.warn("refused to {}: a change without the key", context.channel().remoteAddress());
            refusal = context.writeAndFlush(refused());
        }
        if (refusal == null) {
            context.fireChannelRead(message);
            return;
        }
        // Whoever sends a long body reads the answer only afterwards.
        if (message instanceof LastHttpContent) {
            refusal.addListener(ChannelFutureListener.CLOSE);
        }
        ReferenceCountUtil.release(message);
    }

    private boolean isAllowed(HttpRequest request) {
        boolean reads = READING.contains(request.method()) && !isChangingLink(request.uri());
        return reads || key.isIn(request.headers().get(HttpHeaderNames.AUTHORIZATION));
    }

    /** Flink's router decodes a path twice, and each part of it may be written in many ways. */
    private static boolean isChangingLink(String uri) {
        try {
            String once = new QueryStringDecoder(uri).path();
            String twice = QueryStringDecoder.decodeComponent(once);
            return (once + "\n" + twice).toLowerCase(Locale.ROOT).contains(CHANGING_LINK);
        } catch (IllegalArgumentException unreadable) {
            return true;
        }
    }

    private FullHttpResponse refused() {
        ByteBuf body = Unpooled.copiedBuffer(REFUSAL, StandardCharsets.UTF_8);
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.FORBIDDEN, body);
        responseHeaders.forEach(response.headers()::set);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return response;
    }
}
