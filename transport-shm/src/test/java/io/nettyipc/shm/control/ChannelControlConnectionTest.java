/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Rings over a channel that tells late that a byte was written, as a completion port does: the peer has it by then. */
class ChannelControlConnectionTest {

    private final LateNews news = new LateNews();
    private final EmbeddedChannel channel = new EmbeddedChannel(news);
    private final ChannelControlConnection control = new ChannelControlConnection(channel);

    private void assertRungOnce() {
        ByteBuf bytes = channel.readOutbound();
        assertEquals(1, bytes.readableBytes());
        bytes.release();
        assertNotRung();
    }

    private void assertNotRung() {
        assertNull(channel.readOutbound());
    }

    @Test
    void aRingIsNotLostWhileTheLastOneIsNotKnownToHaveArrived() {
        control.ring();
        // The peer takes it and goes to sleep again.
        assertRungOnce();
        control.ring();
        control.ring();
        assertNotRung();
        news.arrive();
        assertRungOnce();
        news.arrive();
        assertNotRung();
        control.ring();
        assertRungOnce();
        news.arrive();
        assertNotRung();
        assertFalse(channel.finish());
    }

    @Test
    void aRingThatFailsClosesTheConnection() {
        control.ring();
        assertRungOnce();
        control.ring();
        news.fail();
        assertNotRung();
        assertFalse(channel.isOpen(), "a peer that can't be woken is as good as gone");
    }

    @Test
    void nothingIsRungAfterTheEnd() {
        control.ring();
        assertRungOnce();
        control.ring();
        control.close();
        news.arrive();
        assertNotRung();
        assertFalse(channel.finish());
    }

    private static final class LateNews extends ChannelOutboundHandlerAdapter {

        private final Queue<ChannelPromise> promises = new ArrayDeque<>();

        @Override
        public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
            ctx.write(msg);
            promises.add(promise);
        }

        void arrive() {
            promises.remove().setSuccess();
        }

        void fail() {
            promises.remove().setFailure(new ClosedChannelException());
        }
    }
}
