/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

class LeakDetectionTest {

    @Test
    void bufferThatIsNeverReleasedFailsTheClass() throws Exception {
        loseABuffer();

        AssertionError error = assertThrows(AssertionError.class, LeakDetection::failOnLeaks);

        assertTrue(
                error.getMessage().contains("ByteBuf was garbage collected before it was released"), error::getMessage);
        assertTrue(error.getMessage().contains("loseABuffer"), error::getMessage);
        // Reported once: the class after this one must not fail for it.
        LeakDetection.failOnLeaks();
    }

    @Test
    void releasedBufferFailsNothing() throws Exception {
        ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(16);
        assertTrue(buffer.release());
        assertEquals(0, buffer.refCnt());

        LeakDetection.failOnLeaks();
    }

    private static void loseABuffer() {
        ByteBufAllocator.DEFAULT.directBuffer(16).writeByte(1);
    }
}
