/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Tells BlockHound what event loops of this project do on purpose that looks like blocking. Netty's own integration
 * says which threads must not block, and what Netty's loops may do.
 *
 * <p>Public for the {@link java.util.ServiceLoader} only, which finds it where BlockHound is on the class path.
 */
public final class LoopBlockHoundIntegration implements BlockHoundIntegration {

    @Override
    public void applyTo(BlockHound.Builder builder) {
        // Looks at rings, in turns of a microsecond at most, and ends as soon as there is something else to do.
        builder.allowBlockingCallsInside("io.nettyipc.shm.ShmIoHandler", "pause");
        builder.allowBlockingCallsInside("io.nettyipc.shm.ShmIoHandler", "offerProcessor");
        // The queue of a thread that does what takes long has a lock, which is held for some instructions.
        builder.allowBlockingCallsInside("io.nettyipc.shm.segment.LargeMemory", "execute");
        builder.allowBlockingCallsInside("io.nettyipc.shm.control.KeptMemory", "closeLater");
        builder.allowBlockingCallsInside("io.nettyipc.shm.control.KeptMemory", "closeEach");
        // Once in a process: random bytes, which are read from the system.
        builder.allowBlockingCallsInside("io.nettyipc.shm.control.MemoryName", "newServer");
        // The end of an event loop, which waits for its threads and for what was posted to its port.
        builder.allowBlockingCallsInside("io.nettyipc.base.loop.LoopThread", "awaitEnd");
        builder.allowBlockingCallsInside("io.nettyipc.base.loop.CompletionPort", "close");
        builder.allowBlockingCallsInside("io.nettyipc.base.socket.SocketFileHandler", "closeNow");
        // After a failure that would come again at once, as Netty's loops do in handleLoopException.
        builder.allowBlockingCallsInside("io.nettyipc.base.loop.CompletionPackets", "failed");
    }
}
