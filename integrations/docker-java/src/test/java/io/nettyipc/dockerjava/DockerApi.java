/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.dockerjava;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.nettyipc.codec.DockerStreamFrame;
import io.nettyipc.codec.DockerStreamFrameEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The requests of one connection. */
final class DockerApi extends SimpleChannelInboundHandler<HttpObject> {

    static final int LOG_LINES = 2_000;

    /** The exit codes of programs that were started, by the id of their exec. */
    private static final Map<String, Integer> EXITS = new ConcurrentHashMap<>();

    private static final Pattern VERSION = Pattern.compile("^/v1\\.\\d+");
    private static final Pattern COMMAND = Pattern.compile("\"Cmd\":\\s*\\[\\s*\"(\\w+)\"");
    private static final Pattern CONTAINER = Pattern.compile("/containers/([^/?]+).*");
    private static final Pattern EXEC = Pattern.compile("/exec/(\\w+)/(start|json).*");

    private final StringBuilder json = new StringBuilder();
    private HttpRequest request;
    private String path;
    private long length;

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
        if (part instanceof HttpRequest head) {
            request = head;
            path = VERSION.matcher(head.uri()).replaceFirst("");
            json.setLength(0);
            length = 0;
            if (path.startsWith("/images/load?quiet=refuse")) {
                answer(ctx, HttpResponseStatus.BAD_REQUEST, "{\"message\":\"no such image, please\"}")
                        .addListener(ChannelFutureListener.CLOSE);
                return;
            }
        }
        if (part instanceof HttpContent content) {
            length += content.content().readableBytes();
            if (path.startsWith("/images/load")) {
                if (part instanceof LastHttpContent && !path.contains("quiet=refuse")) {
                    answer(ctx, HttpResponseStatus.OK, "{\"stream\":\"loaded " + length + " bytes\"}");
                }
                return;
            }
            json.append(content.content().toString(StandardCharsets.UTF_8));
            if (part instanceof LastHttpContent) {
                respond(ctx);
            }
        }
    }

    private void respond(ChannelHandlerContext ctx) {
        Matcher exec = EXEC.matcher(path);
        if (path.equals("/_ping")) {
            answer(ctx, HttpResponseStatus.OK, "OK");
        } else if (path.equals("/version")) {
            answer(ctx, HttpResponseStatus.OK, "{\"Version\":\"0.1\",\"ApiVersion\":\"1.44\",\"Os\":\"test\"}");
        } else if (path.startsWith("/containers/box/json")) {
            answer(
                    ctx,
                    HttpResponseStatus.OK,
                    "{\"Id\":\"box\",\"Name\":\"/box\",\"State\":{\"Running\":true},\"Config\":{\"Tty\":false}}");
        } else if (path.startsWith("/containers/box/exec")) {
            Matcher command = COMMAND.matcher(json);
            if (command.find()) {
                answer(
                        ctx,
                        HttpResponseStatus.CREATED,
                        "{\"Id\":\"" + ContainerProgram.prepare(command.group(1)) + "\"}");
            } else {
                answer(
                        ctx,
                        HttpResponseStatus.BAD_REQUEST,
                        "{\"message\":\"no Cmd in " + json.length() + " characters\"}");
            }
        } else if (exec.matches() && exec.group(2).equals("start")) {
            run(ctx, exec.group(1), ContainerProgram.commandOf(exec.group(1)));
        } else if (exec.matches()) {
            answer(
                    ctx,
                    HttpResponseStatus.OK,
                    "{\"ID\":\"" + exec.group(1) + "\",\"Running\":false,\"ExitCode\":" + EXITS.get(exec.group(1))
                            + "}");
        } else if (path.startsWith("/containers/box/attach")) {
            run(ctx, "attached", "cat");
        } else if (path.startsWith("/containers/box/logs")) {
            log(ctx);
        } else {
            answer(ctx, HttpResponseStatus.NOT_FOUND, "{\"message\":\"No such container: " + containerIn(path) + "\"}");
        }
    }

    private static String containerIn(String path) {
        Matcher container = CONTAINER.matcher(path);
        return container.matches() ? container.group(1) : path;
    }

    private ChannelFuture answer(ChannelHandlerContext ctx, HttpResponseStatus status, String body) {
        boolean head = request.method().name().equals("HEAD");
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(bytes));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, body.startsWith("{") ? "application/json" : "text/plain")
                .set(HttpHeaderNames.CONTENT_LENGTH, bytes.length)
                .set("Api-Version", "1.44")
                .set("Ostype", "linux");
        ChannelFuture written = ctx.writeAndFlush(response);
        if (!HttpUtil.isKeepAlive(request)) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
        return written;
    }

    /** Gives the connection over to a program. */
    private void run(ChannelHandlerContext ctx, String id, String command) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/vnd.docker.multiplexed-stream")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(HttpHeaderNames.UPGRADE, "tcp");
        ctx.writeAndFlush(response);
        ctx.pipeline()
                .addLast(
                        new DockerStreamFrameEncoder(1 << 20),
                        new ContainerProgram(command, code -> EXITS.put(id, code)));
        ctx.pipeline().remove(HttpServerCodec.class);
        ctx.pipeline().remove(this);
    }

    /** In chunks, each a frame of one line; the connection's backpressure is not looked at: it is a few hundred KiB. */
    private static void log(ChannelHandlerContext ctx) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/vnd.docker.multiplexed-stream")
                .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        ctx.write(response);
        for (int line = 0; line < LOG_LINES; line++) {
            byte[] text = ("line " + line + "\n").getBytes(StandardCharsets.UTF_8);
            ByteBuf frame = Unpooled.buffer(8 + text.length)
                    .writeInt(DockerStreamFrame.Stream.STDOUT.number() << 24)
                    .writeInt(text.length)
                    .writeBytes(text);
            ctx.write(new DefaultHttpContent(frame));
        }
        ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A client that has gone.
        ctx.close();
    }
}
