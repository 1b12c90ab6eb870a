/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import reactor.blockhound.BlockHound;

/** Echoes over pipes and shared memory while BlockHound watches. Started by {@link BlockHoundTest}. */
final class BlockHoundProgram {

    private static final int TRIPS = 3000;
    /** So much memory is made on another thread. */
    private static final int LARGE = 2 << 20;

    private static final Queue<String> BLOCKED = new ConcurrentLinkedQueue<>();

    private BlockHoundProgram() {}

    public static void main(String[] args) throws InterruptedException, IOException {
        Path file = Files.write(Path.of(args[1]), new byte[1]);
        BlockHound.builder()
                .loadIntegrations()
                .blockingMethodCallback(method -> BLOCKED.add(method + " by "
                        + Arrays.toString(Arrays.stream(Thread.currentThread().getStackTrace())
                                .filter(frame -> frame.getClassName().startsWith("io.nettyipc"))
                                .toArray())))
                .install();
        NamedPipeAddress pipe = NamedPipeAddress.of(args[0] + "-pipe");
        echo(NamedPipe.serverChannelType(), NamedPipe.channelType(), pipe, ShmSpinStrategy.NONE, file);
        for (ShmSpinStrategy strategy : ShmSpinStrategy.values()) {
            ShmAddress address = ShmAddress.of(args[0] + '-' + strategy);
            echo(Shm.serverChannelType(), Shm.channelType(), address, strategy, file);
        }
        ChildJvm.answer(BLOCKED.isEmpty() ? "nothing blocks" : String.join("; ", BLOCKED));
        // Else nothing would be seen of anything.
        BLOCKED.clear();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
        group.submit(() -> {
                    Thread.sleep(1);
                    return null;
                })
                .sync();
        ChildJvm.answer(BLOCKED.isEmpty() ? "sleep isn't seen" : "sleep is seen");
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
    }

    private static void echo(
            Class<? extends ServerChannel> serverType,
            Class<? extends Channel> clientType,
            SocketAddress address,
            ShmSpinStrategy strategy,
            Path oneByte)
            throws InterruptedException {
        EventLoopGroup servers = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory(strategy));
        EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory(strategy));
        CountDownLatch done = new CountDownLatch(1);
        Channel server = new ServerBootstrap()
                .group(servers)
                .channel(serverType)
                .childHandler(new Echo())
                .bind(address)
                .sync()
                .channel();
        Channel client = new Bootstrap()
                .group(clients)
                .channel(clientType)
                .option(ShmChannelOption.SHM_SEND_CAPACITY, LARGE)
                .handler(new Client(done, oneByte))
                .connect(address)
                .sync()
                .channel();
        done.await();
        client.close().sync();
        server.close().sync();
        clients.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        servers.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
    }

    private static final class Client extends SimpleChannelInboundHandler<ByteBuf> {

        private final CountDownLatch done;
        private final Path oneByte;
        private int trips;

        Client(CountDownLatch done, Path oneByte) {
            this.done = done;
            this.oneByte = oneByte;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(new DefaultFileRegion(oneByte.toFile(), 0, 1));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
            if (++trips == TRIPS) {
                done.countDown();
            } else {
                ctx.writeAndFlush(msg.retain());
            }
        }
    }
}
