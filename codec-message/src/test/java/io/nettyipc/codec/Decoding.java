/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** A decoder in a channel, what came out of it, and how much memory is not yet released. */
final class Decoding {

    private static final UnpooledByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(false, true);

    final List<Object> events = new ArrayList<>();
    final EmbeddedChannel channel;

    Decoding(ChannelHandler decoder) {
        channel = new EmbeddedChannel(false, false);
        channel.config().setAllocator(ALLOCATOR);
        channel.pipeline().addLast(decoder, new Recorder());
        try {
            channel.register();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The bytes that a codec's messages become, as one array. */
    static byte[] encode(ChannelHandler encoder, Object... messages) {
        EmbeddedChannel channel = new EmbeddedChannel(encoder);
        channel.config().setAllocator(ALLOCATOR);
        channel.writeOutbound(messages);
        ByteBuf all = ALLOCATOR.buffer();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.writeBytes(part);
            part.release();
        }
        byte[] bytes = ByteBufUtil.getBytes(all);
        all.release();
        channel.finish();
        return bytes;
    }

    /** Bytes of buffers that nobody has released. */
    static long unreleased() {
        return ALLOCATOR.metric().usedHeapMemory() + ALLOCATOR.metric().usedDirectMemory();
    }

    Decoding read(byte[] bytes) {
        channel.writeInbound(ALLOCATOR.buffer(Math.max(1, bytes.length)).writeBytes(bytes));
        return this;
    }

    Decoding read(String latin1) {
        return read(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    Decoding readHex(String hex) {
        return read(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** Reads the bytes in pieces of any size, some of which may not be written to, as memory that was lent. */
    Decoding read(byte[] bytes, Random splits) {
        int most = 1 + splits.nextInt(bytes.length + 1);
        for (int from = 0; from < bytes.length; ) {
            int to = Math.min(bytes.length, from + 1 + splits.nextInt(most));
            ByteBuf piece = ALLOCATOR.buffer(to - from).writeBytes(bytes, from, to - from);
            channel.writeInbound(splits.nextInt(3) == 0 ? piece.asReadOnly() : piece);
            from = to;
        }
        return this;
    }

    Decoding close() {
        channel.finish();
        return this;
    }

    /** What came out: a text for each message, the exceptions' classes. */
    List<Object> outcome() {
        return events.stream()
                .map(event -> event instanceof Throwable ? event.getClass() : event)
                .toList();
    }

    Throwable onlyException() {
        List<Throwable> exceptions = events.stream()
                .filter(Throwable.class::isInstance)
                .map(Throwable.class::cast)
                .toList();
        if (exceptions.size() != 1) {
            throw new AssertionError("not one exception: " + events);
        }
        return exceptions.get(0);
    }

    /** Asserts that one exception of exactly that type came out, that it says so, and that no message followed. */
    static void assertError(Class<?> type, String text, Decoding decoding) {
        Throwable exception = decoding.onlyException();
        if (exception.getClass() != type || !exception.getMessage().contains(text)) {
            throw new AssertionError("not " + type + " with '" + text + "'", exception);
        }
        List<Object> after = decoding.events.subList(decoding.events.indexOf(exception) + 1, decoding.events.size());
        if (!after.isEmpty() && !after.equals(List.of(Event.INACTIVE))) {
            throw new AssertionError("after the exception: " + after);
        }
    }

    /** A message as a text to compare. */
    static String text(Object message) {
        if (message instanceof DiscordIpcFrame frame) {
            return frame.opcode() + " " + text(frame.content());
        }
        if (message instanceof DockerStreamFrame frame) {
            return frame.stream() + " " + text(frame.content());
        }
        return message instanceof ByteBufHolder holder
                ? text(holder.content())
                : ((ByteBuf) message).toString(StandardCharsets.ISO_8859_1);
    }

    private final class Recorder extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            events.add(text(msg));
            ReferenceCountUtil.release(msg);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            events.add(Event.INACTIVE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            events.add(cause);
        }
    }

    enum Event {
        INACTIVE
    }
}
