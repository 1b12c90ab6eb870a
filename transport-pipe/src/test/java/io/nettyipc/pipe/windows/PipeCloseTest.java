/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.DuplexChannel;
import io.nettyipc.base.loop.CompletionPortIoHandler;
import io.nettyipc.base.testing.OpenHandles;
import io.nettyipc.pipe.NamedPipeAddress;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Ends of connections and loops; the numbers are those of src/test/BEHAVIOUR.md. */
@EnabledOnOs(OS.WINDOWS)
@Timeout(120)
@SuppressWarnings("try") // the other end only has to be there
class PipeCloseTest extends PipeFixture {

    /** 50 */
    @Test
    void theServerSeesItsClientClose() throws Exception {
        Recorder accepted = new Recorder();
        bind(accepted);
        Channel client = connect(new Recorder());
        accepted.awaitActive();
        client.close().sync();
        accepted.awaitInactive();
        assertTrue(accepted.failures.isEmpty(), accepted.failures::toString);
    }

    /** 51 */
    @Test
    void theClientSeesItsServerClose() throws Exception {
        Recorder accepted = new Recorder();
        bind(accepted);
        Recorder recorder = new Recorder();
        connect(recorder);
        accepted.awaitActive().close().sync();
        recorder.awaitInactive();
        assertTrue(recorder.failures.isEmpty(), recorder.failures::toString);
    }

    @Test
    void aPeerThatClosesIsSeenAlsoWithAutoReadOff() throws Exception {
        Recorder accepted = new Recorder();
        server(accepted)
                .childOption(ChannelOption.AUTO_READ, false)
                .bind(address)
                .sync();
        RawPipe client = RawPipe.connect(address);
        accepted.awaitActive();
        client.close();
        accepted.awaitInactive();
    }

    /** 52 */
    @Test
    void whatWasWrittenBeforeACloseCanStillBeRead() throws Exception {
        Recorder accepted = new Recorder();
        server(accepted)
                .childOption(ChannelOption.AUTO_READ, false)
                .bind(address)
                .sync();
        byte[] farewell = new byte[40_000];
        farewell[39_999] = 1;
        try (RawPipe client = RawPipe.connect(address)) {
            client.write(farewell);
        }
        Channel child = accepted.awaitActive();
        Thread.sleep(200);
        assertTrue(child.isActive());
        child.config().setAutoRead(true);
        assertArrayEquals(farewell, accepted.awaitBytes(farewell.length));
        accepted.awaitInactive();
    }

    /** 52, the other way round: our close leaves to the peer what it hasn't read yet. */
    @Test
    void theOtherEndReadsEverythingThatWasWrittenBeforeOurClose() throws Exception {
        Recorder accepted = new Recorder();
        bind(accepted);
        try (RawPipe client = RawPipe.connect(address)) {
            Channel child = accepted.awaitActive();
            byte[] farewell = new byte[50_000];
            farewell[49_999] = 7;
            child.writeAndFlush(Unpooled.wrappedBuffer(farewell)).addListener(f -> child.close());
            child.closeFuture().sync();
            assertArrayEquals(farewell, client.readFully(farewell.length));
            assertNull(client.read(1));
        }
    }

    /** 56 */
    @Test
    void aWriteAfterThePeersCloseFailsAndSaysSo() throws Exception {
        Recorder accepted = new Recorder();
        server(accepted)
                .childOption(ChannelOption.AUTO_READ, false)
                .bind(address)
                .sync();
        RawPipe client = RawPipe.connect(address);
        // Unread bytes keep our end open, so that the write meets a closed pipe and not a closed channel.
        client.write(new byte[] {1, 2, 3});
        Channel child = accepted.awaitActive();
        client.close();
        Thread.sleep(100);
        ByteBuf lost = Unpooled.directBuffer().writeZero(10);
        ChannelFuture write = child.writeAndFlush(lost).awaitUninterruptibly();
        assertInstanceOf(IOException.class, write.cause());
        assertTrue(
                write.cause().getMessage().contains(address.path()),
                write.cause().getMessage());
        assertEquals(0, lost.refCnt());
        // What the peer had sent is not lost with it.
        child.config().setAutoRead(true);
        assertArrayEquals(new byte[] {1, 2, 3}, accepted.awaitBytes(3));
        accepted.awaitInactive();
        ChannelFuture after =
                child.writeAndFlush(Unpooled.buffer().writeByte(1)).awaitUninterruptibly();
        assertInstanceOf(ClosedChannelException.class, after.cause());
    }

    /** Wine ends a closed handle's write by itself; on Windows it has to be cancelled, since the peer doesn't read. */
    @Test
    void closingWithAWriteUnderWayFailsItAndReleasesItsBytes() throws Exception {
        Recorder accepted = new Recorder();
        bind(accepted);
        try (RawPipe client = RawPipe.connect(address)) {
            Channel child = accepted.awaitActive();
            List<ByteBuf> buffers = new ArrayList<>();
            List<ChannelFuture> writes = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                ByteBuf bytes = child.alloc().directBuffer().writeZero(100_000);
                buffers.add(bytes);
                writes.add(child.writeAndFlush(bytes));
            }
            child.close().sync();
            for (ChannelFuture write : writes) {
                assertTrue(write.await(10, TimeUnit.SECONDS));
            }
            assertFalse(writes.get(7).isSuccess());
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            for (ByteBuf bytes : buffers) {
                while (bytes.refCnt() != 0 && System.nanoTime() - end < 0) {
                    Thread.sleep(1);
                }
                assertEquals(0, bytes.refCnt());
            }
        }
    }

    @Test
    void halfCloseFailsClearlyAndTheConnectionGoesOn() throws Exception {
        bind(new Echo());
        Recorder recorder = new Recorder();
        DuplexChannel channel = (DuplexChannel) connect(recorder);
        Throwable cause = channel.shutdownOutput().awaitUninterruptibly().cause();
        assertInstanceOf(UnsupportedOperationException.class, cause);
        assertTrue(cause.getMessage().contains("byte-mode"), cause.getMessage());
        assertFalse(channel.isOutputShutdown());
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {1})).sync();
        assertArrayEquals(new byte[] {1}, recorder.awaitBytes(1));
        channel.shutdownInput().sync();
        assertTrue(channel.isInputShutdown());
        assertFalse(channel.isShutdown());
    }

    @Test
    void afterShutdownInputWhatComesIsDroppedAndThePeersEndIsSeen() throws Exception {
        Recorder accepted = new Recorder();
        server(accepted)
                .childOption(ChannelOption.AUTO_READ, false)
                .bind(address)
                .sync();
        try (RawPipe client = RawPipe.connect(address)) {
            DuplexChannel child = (DuplexChannel) accepted.awaitActive();
            client.write(new byte[100]);
            Thread.sleep(50);
            child.shutdownInput().sync();
            // More than the pipe holds.
            client.write(new byte[1 << 20]);
            child.read();
            child.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {5})).sync();
            assertArrayEquals(new byte[] {5}, client.readFully(1));
            client.write(new byte[10]);
        }
        accepted.awaitInactive();
        assertEquals(0, accepted.received());
        assertTrue(accepted.failures.isEmpty(), accepted.failures::toString);
    }

    @Test
    void shutdownInputFromWithinAReadDropsTheRestAndThePeersEndIsSeen() throws Exception {
        Recorder accepted = new Recorder() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                super.channelRead(ctx, msg);
                ((DuplexChannel) ctx.channel()).shutdownInput();
            }
        };
        server(accepted)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(16))
                .bind(address)
                .sync();
        try (RawPipe client = RawPipe.connect(address)) {
            client.write(new byte[50_000]);
            accepted.awaitBytes(16);
            client.write(new byte[200_000]);
        }
        accepted.awaitInactive();
        assertEquals(16, accepted.received());
        assertTrue(accepted.failures.isEmpty(), accepted.failures::toString);
    }

    @Test
    void aWriteThatFailsClosesAChannelThatReadsNoMore() throws Exception {
        Recorder accepted = new Recorder();
        bind(accepted);
        RawPipe client = RawPipe.connect(address);
        DuplexChannel child = (DuplexChannel) accepted.awaitActive();
        // On the loop, so that it doesn't see the peer's end before it writes.
        Callable<Boolean> openAfterWrite = () -> {
            child.shutdownInput();
            client.close();
            ChannelFuture write = child.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {1}));
            assertInstanceOf(IOException.class, write.cause());
            return child.isOpen();
        };
        assertFalse(child.eventLoop().submit(openAfterWrite).get());
        accepted.awaitInactive();
    }

    /** The read of a full buffer doesn't tell whether anything is left. */
    @Test
    void aPeerThatClosesIsSeenAlsoIfTheLastReadFilledItsBuffer() throws Exception {
        Recorder accepted = new Recorder();
        server(accepted)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(16))
                .bind(address)
                .sync();
        RawPipe client = RawPipe.connect(address);
        Channel child = accepted.awaitActive();
        client.write(new byte[32]);
        child.read();
        accepted.awaitBytes(16);
        child.read();
        accepted.awaitBytes(32);
        client.close();
        accepted.awaitInactive();
    }

    @Test
    void aChannelMayLeaveItsLoopAndComeBackButNotMoveToAnother() throws Exception {
        bind(new Echo());
        Recorder recorder = new Recorder();
        Channel channel = connect(recorder);
        EventLoop home = channel.eventLoop();
        channel.deregister().sync();
        assertFalse(channel.isRegistered());
        home.register(channel).sync();
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {1})).sync();
        assertArrayEquals(new byte[] {1}, recorder.awaitBytes(1));

        channel.deregister().sync();
        Throwable cause = workers.register(channel).awaitUninterruptibly().cause();
        assertInstanceOf(IOException.class, cause);
        assertTrue(cause.getMessage().contains("another event loop"), cause.getMessage());
    }

    @Test
    void whatIsWrittenWhileTheChannelIsDeregisteredIsSentWhenItComesBack() throws Exception {
        bind(new Echo());
        Recorder recorder = new Recorder();
        Channel channel = connect(recorder);
        EventLoop home = channel.eventLoop();
        channel.deregister().sync();
        ByteBuf bytes = Unpooled.directBuffer().writeByte(1);
        ChannelFuture write = channel.writeAndFlush(bytes);
        assertFalse(write.await(100));
        home.register(channel).sync();
        write.sync();
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {2})).sync();
        assertArrayEquals(new byte[] {1, 2}, recorder.awaitBytes(2));
        assertEquals(0, bytes.refCnt());
    }

    @Test
    void deregisteringWaitsForTheWriteUnderWayHoweverOftenItIsAsked() throws Exception {
        Recorder accepted = new Recorder();
        bind(accepted);
        try (RawPipe client = RawPipe.connect(address)) {
            Channel child = accepted.awaitActive();
            EventLoop home = child.eventLoop();
            int length = 300_000;
            ChannelFuture write = child.writeAndFlush(Unpooled.directBuffer().writeZero(length));
            ChannelFuture[] deregistered = {child.deregister(), child.deregister(), child.deregister()};
            ChannelFuture late = child.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {1}));
            for (ChannelFuture future : deregistered) {
                assertFalse(future.await(50));
            }
            // Comes back when it has left.
            ChannelFuture registered = home.register(child);
            assertFalse(registered.await(50));
            client.readFully(length);
            write.sync();
            for (ChannelFuture future : deregistered) {
                future.sync();
            }
            registered.sync();
            late.sync();
            assertArrayEquals(new byte[] {1}, client.readFully(1));
            client.write(new byte[] {2});
            assertArrayEquals(new byte[] {2}, accepted.awaitBytes(1));
        }
        accepted.awaitInactive();
    }

    @Test
    void aWriteThatCantBeginLetsGoOfItsBytes() throws Exception {
        Recorder accepted = new Recorder();
        bind(accepted);
        try (RawPipe client = RawPipe.connect(address)) {
            Channel child = accepted.awaitActive();
            IllegalStateException broken = new IllegalStateException("from the buffer");
            ByteBuf bytes = new UnpooledDirectByteBuf(UnpooledByteBufAllocator.DEFAULT, 10, 10) {
                @Override
                public boolean hasMemoryAddress() {
                    throw broken;
                }
            };
            ChannelFuture write = child.writeAndFlush(bytes.writeZero(10)).awaitUninterruptibly();
            assertFalse(write.isSuccess());
            assertSame(broken, write.cause().getCause());
            assertEquals(0, bytes.refCnt());
        }
    }

    @Test
    void shutdownLeavesNoHandleAndNoThreadBehind() throws Exception {
        useOnce(0); // classes, the JVM's own handles
        useOnce(1);
        int handles = OpenHandles.count();
        Set<Thread> before = acceptThreads();
        for (int i = 0; i < 10; i++) {
            useOnce(i);
        }
        Set<Thread> started = acceptThreads();
        started.removeAll(before);
        assertEquals(Set.of(), started);
        assertEquals(handles, OpenHandles.count());
    }

    private void useOnce(int quietMillis) throws Exception {
        NamedPipeAddress own = NamedPipeAddress.of(address.name() + "-own");
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, CompletionPortIoHandler.newFactory());
        Recorder accepted = new Recorder();
        new ServerBootstrap()
                .group(group)
                .channel(WindowsNamedPipeServerChannel.class)
                .childHandler(accepted)
                .bind(own)
                .sync();
        Recorder recorder = new Recorder();
        new Bootstrap()
                .group(group)
                .channel(WindowsNamedPipeChannel.class)
                .handler(recorder)
                .connect(own)
                .sync();
        try (RawPipe silent = RawPipe.connect(own)) {
            Channel child = accepted.awaitActive();
            child.writeAndFlush(child.alloc().directBuffer().writeZero(1 << 20));
            accepted.awaitActive();
            group.shutdownGracefully(quietMillis, 10_000, TimeUnit.MILLISECONDS);
            assertTrue(group.terminationFuture().await(30, TimeUnit.SECONDS));
            assertFalse(child.isOpen());
        }
    }

    /** Of all loops in this process: other tests keep theirs. */
    private static Set<Thread> acceptThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("nettyipc-pipe-accept"))
                .collect(Collectors.toSet());
    }
}
