/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.nettyipc.pipe.unix.UnixTransport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Connecting, and what it says when that fails. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
@ParameterizedClass
@MethodSource("io.nettyipc.pipe.UnixTransports#all")
class UnixConnectTest {
    @Parameter
    UnixTransport transport;

    @TempDir
    Path directory;

    private PipeFixture pipes;

    @BeforeEach
    void start() {
        pipes = new PipeFixture(transport);
    }

    @AfterEach
    void stop() {
        pipes.close();
    }

    @Test
    void anUnknownNameFailsImmediately() {
        NamedPipeAddress address = PipeFixture.newAddress();
        long start = System.nanoTime();
        ConnectException e = assertRefused(address, "no such pipe", address.name(), address.path(), "No such file");
        assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(5));
        assertNotNull(e.getCause());
    }

    @Test
    void anUnknownSocketPathFailsImmediately() {
        assertRefused(
                NamedPipeAddress.of(directory.resolve("missing").resolve("s").toString()), "no such pipe");
    }

    @Test
    void aRegularFileAndADirectoryAreNotTakenForAPipe() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertRefused(NamedPipeAddress.of(file.toString()), "regular file", "not a socket");
        assertRefused(NamedPipeAddress.of(directory.toString()), "directory", "not a socket");
    }

    @Test
    void aSocketWhoseServerHasDiedSaysSo() throws Exception {
        Path path = directory.resolve("s");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(path))
                .close();
        assertRefused(NamedPipeAddress.of(path.toString()), "nobody listens", "ended", "Connection refused");
    }

    @Test
    void aSocketOfWhichThisUserMayNotSendSaysSo() throws Exception {
        assumeTrue((int) Files.getAttribute(directory, "unix:uid") != 0, "root may use every socket");
        NamedPipeAddress address = NamedPipeAddress.of(directory.resolve("s").toString());
        Channel server = pipes.listening(address);
        Files.setAttribute(Path.of(address.path()), "unix:mode", 0);
        assertRefused(address, "permission denied", "mode 0000");
        server.close().sync();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "abstract sockets are Linux's")
    void anAbstractSocketThatNobodyHasIsRefusedAndTheConnectEnds() {
        assertRefused(new DomainSocketAddress("\0" + PipeFixture.newName()), "@test-");
    }

    /** As in a process without a locale, which has ASCII only: an unpaired surrogate is in no encoding. */
    @Test
    void aPathThatTheJdkCannotExpressIsRefusedAndTheConnectEnds() {
        assertRefused(new DomainSocketAddress(directory + "/\ud800"), "cannot be a file name", "use ASCII");
    }

    @Test
    void aPathThatTheKernelWouldCutOffIsRefused() {
        Throwable e = PipeFixture.cause(pipes.connect(new DomainSocketAddress("/" + "x".repeat(108))));
        assertInstanceOf(IllegalArgumentException.class, e);
        assertTrue(e.getMessage().contains("109 bytes"), e.getMessage());
    }

    @Test
    void anAddressOfAnotherKindIsRefused() {
        Throwable e = PipeFixture.cause(pipes.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)));
        assertInstanceOf(IllegalArgumentException.class, e);
        assertTrue(
                e.getMessage().contains("InetSocketAddress") && e.getMessage().contains("NamedPipeAddress"),
                e.getMessage());
    }

    @Test
    void aFullBacklogFailsAtOnceAndAfterItIsDrainedConnectsWork() throws Exception {
        Path path = directory.resolve("s");
        NamedPipeAddress address = NamedPipeAddress.of(path.toString());
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path), 1);
            List<Channel> connected = new ArrayList<>();
            ChannelFuture attempt = pipes.connect(address).await();
            while (attempt.isSuccess()) {
                connected.add(attempt.channel());
                attempt = pipes.connect(address).await();
            }
            ConnectException full = assertInstanceOf(NamedPipeBusyException.class, attempt.cause());
            assertTrue(full.getMessage().contains("backlog is probably full"), full.getMessage());
            assertTrue(attempt.channel().closeFuture().await(20, TimeUnit.SECONDS));
            assertFalse(connected.isEmpty());

            Bootstrap waiting = pipes.client(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel ch) {}
            });
            assertInstanceOf(
                    NamedPipeBusyException.class,
                    NamedPipe.connect(waiting.clone().option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 100), address)
                            .await()
                            .cause());
            Future<Channel> cancelled = NamedPipe.connect(waiting, address);
            assertTrue(cancelled.cancel(false));
            Future<Channel> later = NamedPipe.connect(waiting, address);
            assertFalse(later.await(100), "the backlog is not full");

            List<SocketChannel> accepted = new ArrayList<>();
            for (int i = 0; i < connected.size(); i++) {
                accepted.add(server.accept());
            }
            connected.add(later.sync().getNow());
            accepted.add(server.accept());
            connected.add(pipes.connect(address).sync().channel());
            accepted.add(server.accept());
            for (SocketChannel channel : accepted) {
                channel.close();
            }
            for (Channel channel : connected) {
                assertTrue(channel.closeFuture().await(10, TimeUnit.SECONDS), "the other side's close was not seen");
            }
        }
    }

    @Test
    void aConnectThatWaitsForTheBacklogEndsWithItsEventLoop() throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("s"));
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, transport.newIoHandlerFactory());
        Bootstrap bootstrap = pipes.client(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel ch) {}
                })
                .clone(loop);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address, 1);
            List<SocketChannel> first = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                first.add(SocketChannel.open(address));
            }
            Future<Channel> connect = NamedPipe.connect(
                    bootstrap, NamedPipeAddress.of(address.getPath().toString()));
            assertFalse(connect.await(100), "the backlog is not full");

            assertTrue(loop.shutdownGracefully(0, 10, TimeUnit.SECONDS).await(20, TimeUnit.SECONDS));

            assertTrue(connect.await(20, TimeUnit.SECONDS), "the connect doesn't end");
            assertFalse(connect.isSuccess());
            Future<Channel> late = NamedPipe.connect(
                    bootstrap, NamedPipeAddress.of(address.getPath().toString()));
            assertTrue(late.await(20, TimeUnit.SECONDS), "a connect after the loop's end doesn't end");
            assertFalse(late.isSuccess());
            for (SocketChannel channel : first) {
                channel.close();
            }
        }
    }

    @Test
    void addressesAreKnownWhenAChannelBecomesActive() throws Exception {
        NamedPipeAddress address = PipeFixture.newAddress();
        BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        Channel server =
                pipes.server(new AddressRecorder(ends)).bind(address).sync().channel();
        Channel client =
                pipes.client(new AddressRecorder(ends)).connect(address).sync().channel();
        for (int i = 0; i < 2; i++) {
            String end = ends.poll(10, TimeUnit.SECONDS);
            assertNotNull(end);
            assertFalse(end.contains("null"), end);
        }
        assertEquals(address.path(), server.localAddress().toString());
        assertEquals(address.path(), client.remoteAddress().toString());
        client.close().sync();
        server.close().sync();
    }

    @Test
    void nothingStaysInThePipelineOfAConnectionOnceSomethingHasBeenRead() throws Exception {
        NamedPipeAddress address = PipeFixture.newAddress();
        CompletableFuture<List<String>> accepted = new CompletableFuture<>();
        Channel server = pipes.server(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        accepted.complete(ctx.pipeline().names());
                        ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {5, 0, 4, 'N', 'I', 'P'}));
                    }
                })
                .bind(address)
                .sync()
                .channel();
        CompletableFuture<List<String>> read = new CompletableFuture<>();
        Channel client = pipes.client(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        ReferenceCountUtil.release(msg);
                        read.complete(ctx.pipeline().names());
                    }
                })
                .connect(address)
                .sync()
                .channel();
        assertEquals(2, read.get(10, TimeUnit.SECONDS).size(), () -> read.join().toString());
        assertEquals(
                2,
                accepted.get(10, TimeUnit.SECONDS).size(),
                () -> accepted.join().toString());
        client.close().sync();
        server.close().sync();
    }

    @Test
    void aCancelledConnectClosesTheChannelAndLeavesTheServerAlone() throws Exception {
        NamedPipeAddress address = PipeFixture.newAddress();
        Channel server = pipes.listening(address);
        for (int i = 0; i < 50; i++) {
            ChannelFuture connecting = pipes.connect(address);
            if (connecting.cancel(false)) {
                assertTrue(connecting.channel().closeFuture().await(10, TimeUnit.SECONDS));
            } else {
                connecting.sync().channel().close().sync();
            }
        }
        pipes.assertEchoes(address);
        server.close().sync();
    }

    @Test
    void aThousandClientsThatConnectAndCloseAtOnceLeaveAWorkingServer() throws Exception {
        NamedPipeAddress address = PipeFixture.newAddress();
        Channel server = pipes.listening(address);
        for (int i = 0; i < 1000; i++) {
            Channel client = pipes.connect(address).sync().channel();
            client.close().sync();
        }
        pipes.assertEchoes(address);
        server.close().sync();
    }

    @Test
    void tcpOfTheSameKindMayShareTheEventLoops() throws Exception {
        boolean nio = transport == UnixTransport.nio();
        boolean epoll = transport == UnixTransport.epoll();
        boolean uring = transport == UnixTransport.uring();
        Channel server = new ServerBootstrap()
                .group(pipes.group())
                .channel(
                        nio
                                ? NioServerSocketChannel.class
                                : epoll
                                        ? EpollServerSocketChannel.class
                                        : uring ? IoUringServerSocketChannel.class : KQueueServerSocketChannel.class)
                .childHandler(new PipeFixture.EchoHandler())
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        Channel client = new Bootstrap()
                .group(pipes.group())
                .channel(
                        nio
                                ? NioSocketChannel.class
                                : epoll
                                        ? EpollSocketChannel.class
                                        : uring ? IoUringSocketChannel.class : KQueueSocketChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(server.localAddress())
                .sync()
                .channel();
        assertTrue(client.isActive());
        client.close().sync();
        server.close().sync();
    }

    private ConnectException assertRefused(SocketAddress address, String... parts) {
        ChannelFuture connecting = pipes.connect(address);
        ConnectException e = assertInstanceOf(ConnectException.class, PipeFixture.cause(connecting));
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), () -> "'" + part + "' is not in: " + e.getMessage());
        }
        assertTrue(connecting.channel().closeFuture().awaitUninterruptibly(10, TimeUnit.SECONDS));
        return e;
    }

    @ChannelHandler.Sharable
    private static final class AddressRecorder extends ChannelInboundHandlerAdapter {
        private final BlockingQueue<String> ends;

        AddressRecorder(BlockingQueue<String> ends) {
            this.ends = ends;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) throws IOException {
            ends.add(ctx.channel().localAddress() + " and " + ctx.channel().remoteAddress());
        }
    }
}
