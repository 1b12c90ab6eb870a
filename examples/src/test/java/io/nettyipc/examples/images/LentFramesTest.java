/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.codec.GrpcMessage;
import io.nettyipc.codec.GrpcMessageDecoder;
import io.nettyipc.codec.GrpcMessageEncoder;
import io.nettyipc.codec.LengthField;
import io.nettyipc.codec.LengthPrefixedFrameDecoder;
import io.nettyipc.codec.LengthPrefixedFrameEncoder;
import io.nettyipc.codec.VarintFrameDecoder;
import io.nettyipc.codec.VarintFrameEncoder;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import io.nettyipc.shm.ShmChannel;
import io.nettyipc.shm.ShmChannelOption;
import io.nettyipc.shm.ShmServerChannel;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The codecs over shared memory that is lent: a frame lies where its sender has written it. */
@Timeout(60)
class LentFramesTest {

    private static final int MEMORY = 16 << 20;
    private static final int SIZE = 1 << 20;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, Shm.newIoHandlerFactory());
    private final BlockingQueue<ByteBuf> received = new LinkedBlockingQueue<>();

    @AfterEach
    void shutDown() {
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    private ShmChannel connect(ChannelHandler encoder, ChannelHandler decoder) throws InterruptedException {
        ShmAddress address =
                ShmAddress.of("lent-frames-" + ProcessHandle.current().pid());
        new ServerBootstrap()
                .group(group)
                .channel(ShmServerChannel.class)
                .childOption(ShmChannelOption.SHM_LEASE_RECEIVE_MEMORY, MEMORY)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(decoder, new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                                received.add((ByteBuf) msg);
                            }
                        });
                    }
                })
                .bind(address)
                .sync();
        return (ShmChannel) new Bootstrap()
                .group(group)
                .channel(ShmChannel.class)
                .option(ShmChannelOption.SHM_LEASE_SEND_MEMORY, MEMORY)
                .handler(encoder)
                .connect(address)
                .sync()
                .channel();
    }

    /** Changes what was written, where it was written, and looks whether the receiver's frame changes with it. */
    private void assertNotCopied(ShmChannel client, Function<ByteBuf, Object> message) throws Exception {
        for (int i = 1; i <= 3; i++) {
            ByteBuf content = client.sharedAllocator().directBuffer(SIZE);
            while (content.readableBytes() < SIZE) {
                content.writeByte(i * content.readableBytes());
            }
            ByteBuffer written = content.nioBuffer();
            client.writeAndFlush(message.apply(content)).sync();
            ByteBuf frame = received.poll(20, TimeUnit.SECONDS);
            assertNotNull(frame, "nothing came");
            assertEquals(Unpooled.wrappedBuffer(written), frame);
            for (int at = 0; at < SIZE; at++) {
                written.put(at, (byte) ~written.get(at));
            }
            assertEquals(Unpooled.wrappedBuffer(written), frame, "copied");
            assertEquals(1, client.leaseMetrics().peerHolds());
            frame.release();
            assertEquals(0, client.leaseMetrics().peerHolds());
            assertEquals(i, client.leaseMetrics().sent());
        }
    }

    @Test
    void aGrpcMessageIsNotCopied() throws Exception {
        ShmChannel client = connect(new GrpcMessageEncoder(SIZE), new GrpcMessageDecoder(SIZE));
        assertNotCopied(client, content -> new GrpcMessage(content, false));
    }

    @Test
    void aFrameBehindItsLengthIsNotCopied() throws Exception {
        ShmChannel client = connect(
                new LengthPrefixedFrameEncoder(LengthField.UINT32, SIZE),
                new LengthPrefixedFrameDecoder(LengthField.UINT32, SIZE));
        assertNotCopied(client, content -> content);
    }

    @Test
    void aFrameBehindAVarintIsNotCopied() throws Exception {
        ShmChannel client = connect(new VarintFrameEncoder(SIZE), new VarintFrameDecoder(SIZE));
        assertNotCopied(client, content -> content);
    }
}
