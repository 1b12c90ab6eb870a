/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.pipe.NamedPipeAddress;
import java.io.IOException;
import java.net.BindException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What happens to binds and closes while another server holds the lock. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class BindLockTest {
    @TempDir
    Path directory;

    private RuntimeDirectory lockDirectory;
    private EventLoopGroup group;
    private BindLock held;

    @BeforeEach
    void start() throws Exception {
        lockDirectory = RuntimeDirectory.locate(directory.toString(), "/tmp", UnixUsers.ownId());
        lockDirectory.create();
        UnixTransport transport = UnixTransport.preferred();
        group = new MultiThreadIoEventLoopGroup(
                1, new DomainSocketIoHandlerFactory(transport, transport.newTransportFactory(), lockDirectory));
    }

    @AfterEach
    void releaseAndStop() {
        release();
        stop();
    }

    private void stop() {
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    @Test
    void onlyOneHasTheLockAndTheFileIsForItsUser() throws Exception {
        BindLock lock = BindLock.tryAcquire(lockDirectory);
        assertNotNull(lock);
        assertNull(BindLock.tryAcquire(lockDirectory));
        Path file = lockDirectory.path().resolve("bind.lock");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        lock.close();
        lock = BindLock.tryAcquire(lockDirectory);
        assertNotNull(lock);
        lock.close();
    }

    @Test
    void aBindWaitsForTheLockWithoutBlockingTheLoop() throws Exception {
        ChannelFuture bind;
        hold();
        bind = bind();
        assertFalse(bind.await(100));
        assertTrue(group.submit(() -> {}).await(5, TimeUnit.SECONDS), "the loop is blocked");
        release();
        bind.sync().channel().close().sync();
    }

    @Test
    void aBindThatCannotGetTheLockFailsAfterAWhile() throws Exception {
        hold();
        ChannelFuture bind = bind().await();
        assertInstanceOf(BindException.class, bind.cause());
        assertTrue(
                bind.cause().getMessage().contains(lockDirectory.path().toString()),
                bind.cause().getMessage());
        release();
    }

    @Test
    void closingAChannelThatWaitsToBindEndsItsBind() throws Exception {
        hold();
        ChannelFuture bind = bind();
        assertFalse(bind.await(50));
        bind.channel().close().sync();
        assertInstanceOf(ClosedChannelException.class, bind.await().cause());
        release();
    }

    @Test
    void endingTheLoopEndsABindAndACloseThatWait() throws Exception {
        Channel server = bind().sync().channel();
        hold();
        ChannelFuture bind = bind();
        ChannelFuture close = server.close();
        assertFalse(bind.await(50));
        assertFalse(close.isDone());
        stop();
        assertTrue(bind.await(5, TimeUnit.SECONDS));
        assertInstanceOf(ClosedChannelException.class, bind.cause());
        assertTrue(close.await(5, TimeUnit.SECONDS));
    }

    @Test
    void aCancelledBindDoesNotBind() throws Exception {
        ChannelFuture bind;
        hold();
        bind = bind();
        assertFalse(bind.await(50));
        assertTrue(bind.cancel(false));
        assertInstanceOf(CancellationException.class, bind.cause());
        release();
        Thread.sleep(50);
        assertFalse(Files.exists(socket()));
        bind.channel().close().sync();
    }

    @Test
    void aCloseWaitsForTheLockButNotForever() throws Exception {
        Channel first = bind().sync().channel();
        ChannelFuture close;
        hold();
        close = first.close();
        assertFalse(close.await(100));
        release();
        assertTrue(close.await(5, TimeUnit.SECONDS));
        assertFalse(Files.exists(socket()));

        Channel second = bind().sync().channel();
        hold();
        assertTrue(second.close().await(10, TimeUnit.SECONDS));
        release();
        assertFalse(Files.exists(socket()));
    }

    @Test
    void aCloseWorksWhenTheLocksDirectoryIsGone() throws Exception {
        Channel server = bind().sync().channel();
        Files.delete(lockDirectory.path().resolve("bind.lock"));
        Files.delete(lockDirectory.path());
        assertTrue(server.close().await(5, TimeUnit.SECONDS));
        assertFalse(Files.exists(socket()));
    }

    private void hold() throws IOException {
        held = BindLock.tryAcquire(lockDirectory);
        assertNotNull(held);
    }

    private void release() {
        if (held != null) {
            held.close();
            held = null;
        }
    }

    private Path socket() {
        return directory.resolve("s");
    }

    private ChannelFuture bind() {
        return new ServerBootstrap()
                .group(group)
                .channel(UnixTransport.preferred().serverChannelType())
                .childHandler(new ChannelInboundHandlerAdapter())
                .bind(NamedPipeAddress.of(socket().toString()));
    }
}
