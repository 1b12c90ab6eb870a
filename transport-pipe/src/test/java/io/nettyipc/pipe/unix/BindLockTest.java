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
import io.nettyipc.base.socket.BindLock;
import io.nettyipc.pipe.NamedPipeAddress;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.BindException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

    private Path lockFile;
    private EventLoopGroup group;
    private BindLock held;

    @BeforeEach
    void start() throws Exception {
        lockFile = BindLock.fileFor(socket());
        group = new MultiThreadIoEventLoopGroup(1, UnixTransport.preferred().newIoHandlerFactory());
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
        BindLock lock = BindLock.tryAcquire(lockFile);
        assertNotNull(lock);
        assertNull(BindLock.tryAcquire(lockFile));
        assertTrue(lock.isHeld());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(lockFile)));
        lock.close();
        lock = BindLock.tryAcquire(lockFile);
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

    /** As another copy of these classes has it, in another class loader. */
    @Test
    void aLockOfOthersInThisProcessIsWaitedForLikeOneOfAnotherProcess() throws Exception {
        bind().sync().channel().close().sync();
        // The loop releases its lock behind the promises.
        group.submit(() -> {}).sync();
        ChannelFuture bind;
        try (FileChannel file = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            assertTrue(lock.isValid());
            bind = bind();
            assertFalse(bind.await(100));
        }
        Channel server = bind.sync().channel();
        group.submit(() -> {}).sync();
        ChannelFuture close;
        try (FileChannel file = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            assertTrue(lock.isValid());
            close = server.close();
            assertFalse(close.await(100));
        }
        assertTrue(close.await(5, TimeUnit.SECONDS));
        assertFalse(Files.exists(socket()));
    }

    @Test
    void copiesOfTheClassInOtherLoadersShareTheLock() throws Exception {
        URL[] classes = {BindLock.class.getProtectionDomain().getCodeSource().getLocation()};
        try (URLClassLoader other = new URLClassLoader(classes, getClass().getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                return name.startsWith("io.nettyipc.") ? findClass(name) : super.loadClass(name, resolve);
            }
        }) {
            Method tryAcquire = other.loadClass(BindLock.class.getName()).getDeclaredMethod("tryAcquire", Path.class);
            tryAcquire.setAccessible(true);
            hold();
            assertNull(tryAcquire.invoke(null, lockFile));
            release();
        }
    }

    @Test
    void aBindThatCannotGetTheLockFailsAfterAWhile() throws Exception {
        hold();
        ChannelFuture bind = bind().await();
        assertInstanceOf(BindException.class, bind.cause());
        assertTrue(
                bind.cause().getMessage().contains(lockFile.toString()),
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
    void endingTheLoopEndsABindThatHasNoLockAndLooksAgain() throws Exception {
        Files.createDirectory(lockFile);
        ChannelFuture bind = bind();
        // From then on it waits for a moment before it succeeds.
        while (!Files.exists(socket())) {
            Thread.onSpinWait();
        }
        stop();
        assertTrue(bind.await(5, TimeUnit.SECONDS));
        assertFalse(Files.exists(socket()));
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
    void aCloseWorksWhenTheDirectoryIsGone() throws Exception {
        Channel server = bind().sync().channel();
        Files.delete(lockFile);
        Files.delete(socket());
        Files.delete(directory);
        assertTrue(server.close().await(5, TimeUnit.SECONDS));
        assertFalse(Files.exists(socket()));
    }

    private void hold() throws IOException {
        held = BindLock.tryAcquire(lockFile);
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
