/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What becomes of the parts of long messages. */
class NamedPipeMessageAggregatorTest {

    private final EmbeddedChannel channel = new EmbeddedChannel(new NamedPipeMessageAggregator(10));

    @Test
    void partsBecomeOneMessageAndWholeMessagesPass() {
        assertFalse(channel.writeInbound(part("abc", false)));
        assertFalse(channel.writeInbound(part("def", false)));
        assertTrue(channel.writeInbound(part("ghij", true)));
        assertTrue(channel.writeInbound(bytes("whole"), bytes("")));
        assertEquals("abcdefghij", read());
        assertEquals("whole", read());
        assertEquals("", read());
        assertFalse(channel.finish());
    }

    @Test
    void aMessageOverTheLimitFailsOnceAndTheNextOneIsFine() {
        channel.writeInbound(part("12345", false));
        MessageTooLongException failure =
                assertThrows(MessageTooLongException.class, () -> channel.writeInbound(part("678901", false)));
        assertEquals(10, failure.limit());
        assertFalse(channel.writeInbound(part("more", false), part("of it", true)));
        assertTrue(channel.writeInbound(part("n", false), part("ext", true)));
        assertEquals("next", read());
        assertThrows(MessageTooLongException.class, () -> channel.writeInbound(bytes("eleven byte")));
        assertThrows(MessageTooLongException.class, () -> channel.writeInbound(part("eleven byte", true)));
        channel.writeInbound(bytes("ten bytes!"));
        assertEquals("ten bytes!", read());
        assertNull(channel.readInbound());
        assertFalse(channel.finish());
    }

    @Test
    void theBeginningOfAMessageIsDroppedWhenTheChannelCloses() {
        ByteBuf beginning = bytes("begin");
        channel.writeInbound(new NamedPipeMessagePart(beginning, false));
        assertFalse(channel.finish());
        assertEquals(0, beginning.refCnt());
    }

    @Test
    void oneReadBringsAWholeMessageAlsoWithoutAutoRead() {
        int[] reads = countReads();
        channel.writeInbound(part("first", false));
        assertEquals(1, reads[0]);
        channel.writeInbound(part("last", true));
        assertEquals(1, reads[0]);
        assertEquals("firstlast", read());
        assertFalse(channel.finish());
    }

    @Test
    void oneReadGoesOnBehindADroppedMessage() {
        int[] reads = countReads();
        assertThrows(MessageTooLongException.class, () -> channel.writeInbound(bytes("eleven byte")));
        assertEquals(1, reads[0]);
        assertThrows(MessageTooLongException.class, () -> channel.writeInbound(part("eleven byte", false)));
        assertEquals(2, reads[0]);
        channel.writeInbound(part("the rest of it", true));
        assertEquals(3, reads[0]);

        channel.writeInbound(bytes("fine"));

        assertEquals(3, reads[0]);
        assertEquals("fine", read());
        assertFalse(channel.finish());
    }

    /** Who has asked for one has one; the rest of the next waits until it is asked for. */
    @Test
    void oneReadDoesNotGoOnBehindAWholeMessage() {
        int[] reads = countReads();

        channel.writeInbound(bytes("whole"), part("begun", false));

        assertEquals(0, reads[0]);
        channel.pipeline().fireChannelReadComplete();
        assertEquals(0, reads[0]);
        channel.writeInbound(part("more", false));
        assertEquals(1, reads[0]);
        assertEquals("whole", read());
        assertFalse(channel.finish());
    }

    private int[] countReads() {
        int[] reads = {0};
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void read(ChannelHandlerContext ctx) {
                reads[0]++;
            }
        });
        channel.config().setAutoRead(false);
        return reads;
    }

    private String read() {
        ByteBuf message = channel.readInbound();
        try {
            return message.toString(StandardCharsets.US_ASCII);
        } finally {
            message.release();
        }
    }

    private static NamedPipeMessagePart part(String text, boolean last) {
        return new NamedPipeMessagePart(bytes(text), last);
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
