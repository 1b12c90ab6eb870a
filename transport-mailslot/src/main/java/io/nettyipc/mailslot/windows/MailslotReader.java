/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.mailslot.windows;

import io.netty.channel.EventLoop;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.base.loop.BlockingHandle;
import io.nettyipc.base.os.DirectMemory;
import io.nettyipc.base.os.Kernel32;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntConsumer;

/**
 * Tells an event loop that its mailslot has a message.
 *
 * <p>The handle of a mailslot's reader isn't everywhere one for overlapped operations (Wine's waits in
 * {@code ReadFile}, and can't join a completion port), so a thread waits, with a read of no bytes: it ends when there
 * is a message, which it has no room for and leaves where it is. The event loop then reads, without waiting. The thread
 * waits only while a message is wanted.
 */
final class MailslotReader {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(MailslotReader.class);

    private final long mailslot;
    private final BlockingHandle handle;
    private final EventLoop eventLoop;
    private final IntConsumer over;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(Long.BYTES);

    /**
     * Begins with nothing wanted.
     *
     * @param over called on the event loop with the error that ended a wait: {@code ERROR_INSUFFICIENT_BUFFER} if there
     *     is a message; 0 if there was an empty one, which is read by that
     */
    MailslotReader(long mailslot, EventLoop eventLoop, IntConsumer over, String threadName) {
        this.mailslot = mailslot;
        this.eventLoop = eventLoop;
        this.over = over;
        handle = new BlockingHandle(mailslot, true, threadName);
    }

    /** Waits for one message, or for the mailslot's timeout; the next wait has to be asked for again. */
    void await() {
        handle.submit(this::waitForMessage);
    }

    private void waitForMessage() {
        int error = -handle.read(DirectMemory.addressOf(scratch), 0);
        if (handle.isClosed()) {
            return;
        }
        try {
            eventLoop.execute(() -> over.accept(error));
        } catch (RejectedExecutionException e) {
            logger.debug("the event loop has ended, and the channel with it", e);
        }
    }

    /** Ends the wait and closes the mailslot. */
    void close() {
        // For a wait that is only just beginning.
        Kernel32.SetMailslotInfo(mailslot, 0);
        handle.close();
    }
}
