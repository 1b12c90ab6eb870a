/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.images;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import io.nettyipc.shm.ShmChannel;
import io.nettyipc.shm.ShmChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * {@code mvn -q -pl examples -am compile -Dexample=images.ImageClient -Dargs="shm images 200"}: gets images from
 * {@link ImageServer} and looks at each pixel; with {@code "tcp 4711 200"} over TCP. Over shared memory the images lie
 * where the server has painted them. Prints how long it took.
 */
public final class ImageClient {

    private ImageClient() {}

    public static void main(String[] args) throws Exception {
        boolean shm = args[0].equals("shm");
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(1, shm ? Shm.newIoHandlerFactory() : NioIoHandler.newFactory());
        try {
            Viewer viewer = new Viewer(Integer.parseInt(args[2]));
            Bootstrap bootstrap = new Bootstrap().group(group).handler(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    channel.pipeline()
                            .addLast(
                                    new LengthFieldBasedFrameDecoder(1 << 30, 0, Integer.BYTES, 0, Integer.BYTES),
                                    viewer);
                }
            });
            if (shm) {
                // It is this side that says yes to reading what the other can still change.
                bootstrap
                        .channel(ShmChannel.class)
                        .option(ShmChannelOption.SHM_LEASE_RECEIVE_MEMORY, ImageServer.LEASE_MEMORY);
            } else {
                bootstrap.channel(NioSocketChannel.class);
            }
            SocketAddress address = shm
                    ? ShmAddress.of(args[1])
                    : new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]));
            bootstrap.connect(address).sync();
            System.out.println(viewer.end.get());
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static final class Viewer extends SimpleChannelInboundHandler<ByteBuf> {

        final CompletableFuture<String> end = new CompletableFuture<>();
        private final int images;
        private long start;
        private int seen;
        private int inPlace;
        private long bytes;
        private long brightness;

        Viewer(int images) {
            this.images = images;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            start = System.nanoTime();
            ctx.writeAndFlush(ctx.alloc().buffer().writeShort(Integer.BYTES).writeInt(images));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf image) {
            int pixels = image.readUnsignedShort() * image.readUnsignedShort();
            if (pixels != image.readableBytes()) {
                throw new IllegalArgumentException(pixels + " pixels in " + image.readableBytes() + " bytes");
            }
            if (image.isReadOnly()) {
                inPlace++;
            }
            ByteBuffer memory = image.nioBuffer();
            long sum = 0;
            for (int i = 0; i < pixels; i++) {
                sum += memory.get(i) & 0xFF;
            }
            brightness += sum;
            bytes += pixels;
            if (++seen == images) {
                long millis = (System.nanoTime() - start) / 1_000_000;
                end.complete(String.format(
                        "%d images, %d of them read in place, brightness %.2f, %,d bytes in %,d ms",
                        images, inPlace, (double) brightness / bytes, bytes, millis));
                ctx.close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            end.completeExceptionally(new IllegalStateException("the server has gone after " + seen + " images"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            end.completeExceptionally(cause);
            ctx.close();
        }
    }
}
