/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.doctor;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import io.nettyipc.shm.ShmChannel;
import io.nettyipc.shm.ShmTerms;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** How long a message and its answer take, over each transport that is available. */
final class RoundTrips {

    private static final int LENGTH = 64;
    /** More than that are not remembered. */
    private static final int MAX_TRIPS = 10_000_000;

    private RoundTrips() {}

    static void print(double seconds, Doctor.Report report) throws InterruptedException {
        String name = "doctor-" + ProcessHandle.current().pid();
        measure(
                seconds,
                report,
                "TCP, for comparison",
                NioIoHandler::newFactory,
                () -> NioServerSocketChannel.class,
                () -> NioSocketChannel.class,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        if (NamedPipe.isAvailable()) {
            measure(
                    seconds,
                    report,
                    "named pipe",
                    NamedPipe::newIoHandlerFactory,
                    NamedPipe::serverChannelType,
                    NamedPipe::channelType,
                    NamedPipeAddress.of(name));
        }
        if (Shm.isAvailable()) {
            measure(
                    seconds,
                    report,
                    "shared memory",
                    Shm::newIoHandlerFactory,
                    Shm::serverChannelType,
                    Shm::channelType,
                    ShmAddress.of(name));
        }
    }

    /** A transport that is available and fails all the same is what this program is for: says how, and goes on. */
    private static void measure(
            double seconds,
            Doctor.Report report,
            String name,
            Supplier<IoHandlerFactory> factory,
            Supplier<Class<? extends ServerChannel>> serverType,
            Supplier<Class<? extends Channel>> clientType,
            SocketAddress address)
            throws InterruptedException {
        EventLoopGroup servers = new MultiThreadIoEventLoopGroup(1, factory.get());
        EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, factory.get());
        try {
            Channel server = new ServerBootstrap()
                    .group(servers)
                    .channel(serverType.get())
                    .childHandler(new Echo())
                    .bind(address)
                    .sync()
                    .channel();
            Client client = new Client((long) (seconds * 1e9));
            Channel channel = new Bootstrap()
                    .group(clients)
                    .channel(clientType.get())
                    .handler(client)
                    .connect(server.localAddress())
                    .sync()
                    .channel();
            report.line(name, client.result.get((long) seconds + 20, TimeUnit.SECONDS));
            if (channel instanceof ShmChannel shm) {
                ShmTerms terms = shm.terms();
                report.line(
                        "on these terms",
                        terms.memory() + " memory, " + terms.doorbell() + ", rings of " + terms.sendCapacity() / 1024
                                + " and " + terms.receiveCapacity() / 1024 + " KiB");
            }
        } catch (ExecutionException e) {
            report.line(name, "fails: " + Doctor.reason(e.getCause()));
        } catch (TimeoutException e) {
            report.line(name, "fails: no answer for " + ((long) seconds + 20) + " s");
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            report.line(name, "fails: " + Doctor.reason(e));
        } finally {
            clients.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
            servers.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
    }

    @ChannelHandler.Sharable
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.writeAndFlush(msg);
        }
    }

    /** Sends the next message when the last is back, and counts in the second half of its time. */
    private static final class Client extends SimpleChannelInboundHandler<ByteBuf> {

        final CompletableFuture<String> result = new CompletableFuture<>();
        private final long nanos;
        private long begin;
        private long sent;
        private int received;
        private long[] trips = new long[1024];
        private int count;

        Client(long nanos) {
            this.nanos = nanos;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            begin = System.nanoTime();
            send(ctx, begin);
        }

        private void send(ChannelHandlerContext ctx, long now) {
            sent = now;
            received = 0;
            ctx.writeAndFlush(ctx.alloc().buffer(LENGTH).writeZero(LENGTH));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
            received += msg.readableBytes();
            if (received < LENGTH) {
                return;
            }
            long now = System.nanoTime();
            if (now - begin >= nanos / 2 && count < MAX_TRIPS) {
                if (count == trips.length) {
                    trips = Arrays.copyOf(trips, 2 * count);
                }
                trips[count++] = now - sent;
            }
            if (now - begin < nanos) {
                send(ctx, now);
            } else {
                Arrays.sort(trips, 0, count);
                result.complete(String.format(
                        "half of them in %.1f µs, 99 %% in %.1f µs (%d)",
                        trips[count / 2] / 1e3, trips[(int) (count * 0.99)] / 1e3, count));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            result.completeExceptionally(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            result.completeExceptionally(new IllegalStateException("the connection has ended"));
        }
    }
}
