/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.images;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import io.nettyipc.shm.ShmChannel;
import io.nettyipc.shm.ShmChannelOption;
import io.nettyipc.shm.ShmServerChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/**
 * {@code mvn -q -pl examples -am compile -Dexample=images.ImageServer -Dargs="images 4711"}: paints images for
 * {@link ImageClient}, over shared memory, where the client reads them in the place where they are painted, and over
 * TCP. The arguments are the name and the port.
 */
public final class ImageServer {
    static final int WIDTH = 3840;
    static final int HEIGHT = 2160;
    /** An image's length, then its width and height in two bytes each, then its pixels of a byte. */
    static final int HEADER = Integer.BYTES + 2 * Short.BYTES;

    /** Six images. */
    static final int LEASE_MEMORY = 48 << 20;

    private ImageServer() {}

    public static void main(String[] args) throws InterruptedException {
        EventLoopGroup memory = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
        EventLoopGroup sockets = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            ChannelInitializer<Channel> init = new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    channel.pipeline()
                            .addLast(
                                    new LengthFieldBasedFrameDecoder(Short.BYTES + Integer.BYTES, 0, Short.BYTES),
                                    new Painter());
                }
            };
            Channel shm = new ServerBootstrap()
                    .group(memory)
                    .channel(ShmServerChannel.class)
                    .childOption(ShmChannelOption.SHM_LEASE_SEND_MEMORY, LEASE_MEMORY)
                    .childHandler(init)
                    .bind(ShmAddress.of(args[0]))
                    .sync()
                    .channel();
            Channel tcp = new ServerBootstrap()
                    .group(sockets)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(init)
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1])))
                    .sync()
                    .channel();
            System.out.println("image server on " + shm.localAddress());
            System.out.println(
                    "and on port " + ((InetSocketAddress) tcp.localAddress()).getPort() + "; Ctrl-C ends it");
            shm.closeFuture().sync();
        } finally {
            memory.shutdownGracefully();
            sockets.shutdownGracefully();
        }
    }

    /** Is asked for a number of images, and sends them as fast as they are taken. */
    private static final class Painter extends SimpleChannelInboundHandler<ByteBuf> {

        private final byte[] row = new byte[WIDTH];
        private int wanted;
        private int painted;

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf request) {
            wanted += request.getInt(Short.BYTES);
            paint(ctx);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            paint(ctx);
        }

        private void paint(ChannelHandlerContext ctx) {
            // The only line that knows of shared memory.
            ByteBufAllocator alloc = ctx.channel() instanceof ShmChannel shm ? shm.sharedAllocator() : ctx.alloc();
            while (painted < wanted && ctx.channel().isWritable()) {
                ByteBuf image = alloc.directBuffer(HEADER + WIDTH * HEIGHT);
                image.writeInt(2 * Short.BYTES + WIDTH * HEIGHT)
                        .writeShort(WIDTH)
                        .writeShort(HEIGHT);
                for (int y = 0; y < HEIGHT; y++) {
                    Arrays.fill(row, (byte) (painted + y));
                    image.writeBytes(row);
                }
                painted++;
                ctx.writeAndFlush(image, ctx.voidPromise());
            }
        }
    }
}
