/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.channel.IoEventLoop;
import io.netty.util.internal.PlatformDependent;
import io.nettyipc.shm.ShmAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A handshake as its owner sees it, with an honest peer. */
class HandshakeTest extends AbstractHostileTest {

    private static final HandshakeTerms TERMS =
            new HandshakeTerms(CAPACITY, CAPACITY, true, true, false, LeaseTerms.NONE);

    private final ControlTransport transport = ControlTransport.of((IoEventLoop) loop.next());
    private final BlockingQueue<Victim> children = new LinkedBlockingQueue<>();

    /** Connects on the loop and begins the handshake of the client's side. */
    private void shakeHands(ShmAddress address, CompletableFuture<Throwable> failure, Handshake.Result result) {
        IoEventLoop eventLoop = (IoEventLoop) loop.next();
        eventLoop.execute(() -> transport.connect(
                eventLoop,
                address.control(),
                10_000,
                control -> Handshake.client(control, TERMS, result).start(eventLoop),
                failure::completeExceptionally));
    }

    @Test
    void anOwnerThatFailsWithTheLinkIsToldAndTheLinkIsClosed() throws Exception {
        var server = victims(children).bind(newAddress()).sync().channel();
        for (int i = 0; i < 20; i++) {
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            Throwable thrown = i % 2 == 0 ? new IllegalStateException("not today") : new AssertionError("nor tomorrow");
            shakeHands((ShmAddress) server.localAddress(), failure, new Handshake.Result() {
                @Override
                public boolean grows(int bytes) {
                    return true;
                }

                @Override
                public void connected(ShmConnection link) {
                    assertNotNull(link.peer());
                    PlatformDependent.throwException(thrown);
                }

                @Override
                public void failed(Throwable cause) {
                    assertFalse(failure.isDone(), "told twice");
                    failure.complete(cause);
                }
            });
            assertSame(thrown, failure.get(20, TimeUnit.SECONDS));
            next(children).assertCloses();
        }
        server.close().sync();
    }
}
