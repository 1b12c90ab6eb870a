/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.images;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.codec.call.Call;
import io.nettyipc.codec.call.CallServerHandler;
import io.nettyipc.codec.call.CallService;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import io.nettyipc.shm.ShmChannel;
import io.nettyipc.shm.ShmChannelOption;
import io.nettyipc.shm.ShmServerChannel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** The process that serves {@link LentCallsTwoProcessesTest}: keeps requests, and what it has answered. */
final class LentCallsProgram {

    /** Keeps a request. The answer is empty. */
    static final int KEEP = 1;
    /** Answers with a number: the checksum of all requests that are kept, as they are now. */
    static final int CHECKSUM = 2;
    /** Has another thread release all of them, which answers. */
    static final int RELEASE = 3;
    /** The request is a size and a seed. The answer lies in lent memory. */
    static final int SEND = 4;
    /** Changes each byte of what was answered last, where it lies. */
    static final int CHANGE = 5;

    private static final List<ByteBuf> KEPT = new ArrayList<>();
    private static ByteBuffer lastAnswer;

    private LentCallsProgram() {}

    /** The argument: its address. */
    public static void main(String[] args) throws Exception {
        new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory()))
                .channel(ShmServerChannel.class)
                .childOption(ShmChannelOption.SHM_LEASE_SEND_MEMORY, LentPair.MEMORY)
                .childOption(ShmChannelOption.SHM_LEASE_RECEIVE_MEMORY, LentPair.MEMORY)
                .childHandler(server())
                .bind(ShmAddress.of(args[0]))
                .sync();
        ChildJvm.answer("here");
        // The end of the parent's is this one's.
        while (System.in.read() != -1) {
            // Nothing is told.
        }
        System.exit(0);
    }

    private static ChannelHandler server() {
        return new ChannelInitializer<ShmChannel>() {
            @Override
            protected void initChannel(ShmChannel channel) {
                channel.pipeline().addLast(new CallServerHandler(method -> CallService.unary(LentCallsProgram::serve)));
            }
        };
    }

    private static void serve(Call call, ByteBuf request) {
        ShmChannel channel = (ShmChannel) call.channel();
        switch (call.method()) {
            case KEEP -> {
                KEPT.add(request);
                call.end(Unpooled.EMPTY_BUFFER);
                return;
            }
            case CHECKSUM -> call.end(Unpooled.copyLong(checksum(KEPT)));
            case RELEASE ->
                new Thread(() -> {
                            KEPT.forEach(ByteBuf::release);
                            call.end(Unpooled.copyLong(channel.leaseMetrics().held()));
                        })
                        .start();
            case SEND -> {
                ByteBuf answer = LentPair.message(channel, request.readInt(), request.readLong());
                lastAnswer = answer.nioBuffer();
                call.end(answer);
            }
            default -> {
                for (int i = 0; i < lastAnswer.capacity(); i++) {
                    lastAnswer.put(i, (byte) ~lastAnswer.get(i));
                }
                call.end(Unpooled.EMPTY_BUFFER);
            }
        }
        request.release();
    }

    static long checksum(List<ByteBuf> messages) {
        CRC32 crc = new CRC32();
        messages.forEach(message -> crc.update(ByteBufUtil.getBytes(message)));
        return crc.getValue();
    }
}
