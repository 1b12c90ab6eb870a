/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAccess;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.NamedPipeChannelOption;
import io.nettyipc.pipe.NamedPipeImpersonation;
import io.nettyipc.pipe.NamedPipePeer;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Connecting; the numbers are those of src/test/BEHAVIOUR.md. */
@EnabledOnOs(OS.WINDOWS)
@Timeout(120)
@SuppressWarnings("try") // the other end only has to be there
class PipeClientTest extends PipeFixture {

    private static final int BYTE_MODE = 0;

    /** 1 */
    @Test
    void anUnknownNameFailsAtOnceAndIsNamed() {
        long start = System.nanoTime();
        Throwable cause = failureOf(connectLater(30_000));
        assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(5));
        assertInstanceOf(ConnectException.class, cause);
        assertContains(cause, address.path(), "ERROR_FILE_NOT_FOUND (2)");
    }

    @Test
    void aLoopOfAnotherKindIsRefusedSayingWhichOneIsNeeded() {
        String needed =
                "Channel needs an event loop of new MultiThreadIoEventLoopGroup(NamedPipe.newIoHandlerFactory()),"
                        + " and was registered with a SingleThreadIoEventLoop that serves NIO only";
        EventLoopGroup nio = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            ChannelFuture connect = new Bootstrap()
                    .group(nio)
                    .channel(NamedPipe.channelType())
                    .handler(new Recorder())
                    .connect(address);
            assertEquals("WindowsNamedPipe" + needed, failureOf(connect).getMessage());
            ChannelFuture bind = new ServerBootstrap()
                    .group(nio)
                    .channel(NamedPipe.serverChannelType())
                    .childHandler(new Recorder())
                    .bind(address);
            assertEquals("WindowsNamedPipeServer" + needed, failureOf(bind).getMessage());
            for (Channel channel : new Channel[] {connect.channel(), bind.channel()}) {
                assertTrue(channel.closeFuture().awaitUninterruptibly(10, TimeUnit.SECONDS), "stays open");
            }
        } finally {
            nio.shutdownGracefully(0, 10, TimeUnit.SECONDS);
        }
    }

    /** 23 */
    @Test
    void aBusyPipeFailsAfterTheConnectTimeout() {
        try (RawPipe server = RawPipe.serve(address, BYTE_MODE, 1);
                RawPipe occupant = RawPipe.connect(address)) {
            long start = System.nanoTime();
            Throwable cause = failureOf(connectLater(300));
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertInstanceOf(ConnectTimeoutException.class, cause);
            assertContains(cause, address.path(), "ERROR_PIPE_BUSY (231)", "300 ms");
            assertTrue(millis >= 300 && millis < 10_000, millis + " ms");
        }
    }

    /** 24 */
    @Test
    void aCancelledConnectClosesTheChannel() throws Exception {
        try (RawPipe server = RawPipe.serve(address, BYTE_MODE, 1);
                RawPipe occupant = RawPipe.connect(address)) {
            ChannelFuture connect = connectLater(30_000);
            Thread.sleep(50);
            assertTrue(connect.cancel(false));
            assertTrue(connect.channel().closeFuture().await(10, TimeUnit.SECONDS));
            assertTrue(connect.isCancelled());
        }
    }

    /** 25: Netty's default, 30 seconds, holds for pipes. */
    @Test
    void aBusyPipeIsTriedAgainForThirtySecondsUnlessSaidOtherwise() throws Exception {
        assertEquals(30_000, new WindowsNamedPipeChannel().config().getConnectTimeoutMillis());
        try (RawPipe server = RawPipe.serve(address, BYTE_MODE, 2)) {
            RawPipe occupant = RawPipe.connect(address);
            ChannelFuture connect = client(new Recorder()).connect(address);
            Thread.sleep(500);
            assertFalse(connect.isDone());
            try (RawPipe second = RawPipe.serve(address, BYTE_MODE, 2)) {
                assertTrue(connect.await(10, TimeUnit.SECONDS));
                assertTrue(connect.isSuccess());
                connect.channel().close().sync();
            }
            occupant.close();
        }
    }

    /** 26 */
    @Test
    void closingWhileConnectingFailsTheConnect() throws Exception {
        try (RawPipe server = RawPipe.serve(address, BYTE_MODE, 1);
                RawPipe occupant = RawPipe.connect(address)) {
            ChannelFuture connect = connectLater(30_000);
            Thread.sleep(50);
            connect.channel().close().sync();
            assertInstanceOf(ClosedChannelException.class, failureOf(connect));
        }
    }

    /** 27: what isn't a pipe's name never reaches CreateFile, which would open it. */
    @Test
    void aPlainFileIsRefused() {
        String path = System.getProperty("java.home") + "\\release";
        Throwable cause = failureOf(client(new Recorder()).connect(new DomainSocketAddress(path)));
        assertInstanceOf(IllegalArgumentException.class, cause);
        assertContains(cause, path);
    }

    /** 28 */
    @Test
    void aClientThatWantsTheWrongDirectionIsToldSo() throws Exception {
        server(new Echo())
                .option(NamedPipeChannelOption.PIPE_ACCESS, NamedPipeAccess.INBOUND)
                .bind(address)
                .sync();
        Throwable cause = failureOf(connectLater(1000));
        assertInstanceOf(ConnectException.class, cause);
        assertContains(cause, "ERROR_ACCESS_DENIED (5)", "PIPE_ACCESS");
    }

    /** 30 */
    @Test
    void aServerThatDiesWhileItIsBusyEndsTheWait() throws Exception {
        RawPipe server = RawPipe.serve(address, BYTE_MODE, 1);
        RawPipe occupant = RawPipe.connect(address);
        ChannelFuture connect = connectLater(30_000);
        Thread.sleep(100);
        assertFalse(connect.isDone());
        server.close();
        occupant.close();
        long start = System.nanoTime();
        Throwable cause = failureOf(connect);
        assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(5));
        assertInstanceOf(ConnectException.class, cause);
        assertContains(cause, "ERROR_FILE_NOT_FOUND (2)");
    }

    @Test
    void addressesThatNoPipeHasAreRefusedWithWhatToUseInstead() {
        Throwable inet = failureOf(client(new Recorder()).connect(new InetSocketAddress(1)));
        assertInstanceOf(IllegalArgumentException.class, inet);
        assertContains(inet, "NamedPipeAddress.of");
        Throwable local = failureOf(client(new Recorder()).connect(address, NamedPipeAddress.of("mine")));
        assertInstanceOf(IllegalArgumentException.class, local);
        assertContains(local, "no address of its own");
    }

    @Test
    void aSecondConnectFailsAndHarmsNothing() throws Exception {
        bind(new Echo());
        Recorder recorder = new Recorder();
        Channel channel = connect(recorder);
        assertInstanceOf(AlreadyConnectedException.class, failureOf(channel.connect(address)));
        channel.writeAndFlush(channel.alloc().buffer().writeByte(4)).sync();
        assertArrayEquals(new byte[] {4}, recorder.awaitBytes(1));

        NamedPipeAddress busy = NamedPipeAddress.of(address.name() + "-busy");
        try (RawPipe server = RawPipe.serve(busy, BYTE_MODE, 1);
                RawPipe occupant = RawPipe.connect(busy)) {
            ChannelFuture pending = client(new Recorder()).connect(busy);
            Thread.sleep(50);
            assertInstanceOf(
                    ConnectionPendingException.class,
                    failureOf(pending.channel().connect(busy)));
            pending.channel().close().sync();
        }
    }

    @Test
    void bothEndsKnowTheAddressBeforeTheyAreActive() throws Exception {
        Recorder accepted = new Recorder();
        bind(accepted);
        CompletableFuture<Boolean> known = new CompletableFuture<>();
        Channel channel = connect(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                known.complete(address.equals(ctx.channel().localAddress())
                        && address.equals(ctx.channel().remoteAddress()));
            }
        });
        assertTrue(known.get(10, TimeUnit.SECONDS));
        Channel child = accepted.awaitActive();
        assertEquals(address, child.localAddress());
        assertEquals(address, child.remoteAddress());
        assertEquals(address, channel.remoteAddress());
    }

    @Test
    void bothEndsCanAskWhoTheOtherIs() throws Exception {
        Recorder accepted = new Recorder();
        bind(accepted);
        Channel channel = connect(new Recorder());
        Channel child = accepted.awaitActive();
        for (Channel end : new Channel[] {channel, child}) {
            NamedPipePeer peer = NamedPipe.peer(end);
            assertEquals(ProcessHandle.current().pid(), peer.processId());
            assertTrue(peer.sessionId() >= 0, peer.toString());
            assertTrue(peer.user() != null && peer.user().endsWith(System.getProperty("user.name")), peer.toString());
        }
        channel.close().sync();
        assertThrows(ChannelException.class, () -> NamedPipe.peer(channel));
        assertThrows(NotYetConnectedException.class, () -> NamedPipe.peer(new WindowsNamedPipeChannel()));
    }

    @Test
    void aClientConnectsWithEachImpersonationLevel() throws Exception {
        bind(new Echo());
        for (NamedPipeImpersonation level : NamedPipeImpersonation.values()) {
            Recorder recorder = new Recorder();
            Channel channel = client(recorder)
                    .option(NamedPipeChannelOption.PIPE_IMPERSONATION, level)
                    .connect(address)
                    .sync()
                    .channel();
            channel.writeAndFlush(channel.alloc().buffer().writeByte(1)).sync();
            assertArrayEquals(new byte[] {1}, recorder.awaitBytes(1));
            channel.close().sync();
        }
    }

    private ChannelFuture connectLater(int timeoutMillis) {
        return client(new Recorder())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                .connect(address);
    }

    private static Throwable failureOf(ChannelFuture future) {
        assertTrue(future.awaitUninterruptibly(60, TimeUnit.SECONDS));
        assertFalse(future.isSuccess());
        return future.cause();
    }

    private static void assertContains(Throwable cause, String... parts) {
        for (String part : parts) {
            assertTrue(cause.getMessage().contains(part), cause.getMessage());
        }
    }
}
