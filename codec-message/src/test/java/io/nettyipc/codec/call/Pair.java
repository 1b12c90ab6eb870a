/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;

/**
 * A client and a server in one thread, whose bytes go to the other in pieces of any size when {@link #run} is called.
 */
final class Pair {

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    final List<Throwable> errors = new ArrayList<>();
    final CallClientHandler client;
    final CallServerHandler server;
    final EmbeddedChannel clientChannel;
    final EmbeddedChannel serverChannel;

    Pair(IntFunction<CallService> services, CallLimits clientLimits, CallLimits serverLimits) {
        client = new CallClientHandler(clientLimits);
        server = new CallServerHandler(services, serverLimits);
        clientChannel = channel(client);
        serverChannel = channel(server);
    }

    private EmbeddedChannel channel(CallConnection handler) {
        EmbeddedChannel channel = new EmbeddedChannel(false, false);
        channel.config().setAllocator(allocator);
        channel.pipeline().addLast(handler, new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                errors.add(cause);
            }
        });
        try {
            channel.register();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return channel;
    }

    ByteBuf message(String text) {
        return allocator.buffer().writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    ByteBuf message(byte[] bytes) {
        return allocator.buffer(Math.max(1, bytes.length)).writeBytes(bytes);
    }

    static String text(ByteBuf message) {
        String text = message.toString(StandardCharsets.UTF_8);
        message.release();
        return text;
    }

    /** Carries bytes until there are none. */
    Pair run() {
        return run(new Random(1));
    }

    Pair run(Random splits) {
        while (step(splits)) {
            // Goes on.
        }
        return this;
    }

    /** Carries what is there now in both directions; returns whether there was something. */
    boolean step(Random splits) {
        boolean carried = carry(clientChannel, serverChannel, splits);
        carried |= carry(serverChannel, clientChannel, splits);
        if (!clientChannel.isOpen() && serverChannel.isOpen()) {
            serverChannel.close();
            carried = true;
        } else if (!serverChannel.isOpen() && clientChannel.isOpen()) {
            clientChannel.close();
            carried = true;
        }
        return carried;
    }

    private boolean carry(EmbeddedChannel from, EmbeddedChannel to, Random splits) {
        from.runPendingTasks();
        boolean carried = false;
        for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
            carried |= bytes.isReadable();
            if (to.isOpen()) {
                int most = splits.nextInt(4) == 0 ? 20 : 1 + bytes.readableBytes();
                while (bytes.isReadable() && to.isOpen()) {
                    int length = Math.min(bytes.readableBytes(), 1 + splits.nextInt(most));
                    // A copy, because a read gives a buffer of its own.
                    to.pipeline().fireChannelRead(allocator.buffer(length).writeBytes(bytes, length));
                    if (splits.nextBoolean()) {
                        to.pipeline().fireChannelReadComplete();
                    }
                }
                to.pipeline().fireChannelReadComplete();
            }
            bytes.release();
        }
        to.runPendingTasks();
        return carried;
    }

    /** Takes what a side has sent. */
    static byte[] outbound(EmbeddedChannel channel) {
        channel.runPendingTasks();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            byte[] copy = new byte[bytes.readableBytes()];
            bytes.readBytes(copy);
            bytes.release();
            out.writeBytes(copy);
        }
        return out.toByteArray();
    }

    Pair close() {
        clientChannel.finishAndReleaseAll();
        serverChannel.finishAndReleaseAll();
        return this;
    }

    long unreleased() {
        return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
    }
}
