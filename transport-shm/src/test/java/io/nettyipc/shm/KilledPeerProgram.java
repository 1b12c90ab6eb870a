/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.base.testing.ChildJvm;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;

/** The process that is killed: sends and receives on some connections, and notes what it has committed in a file. */
final class KilledPeerProgram {

    static final int CONNECTIONS = 4;

    private KilledPeerProgram() {}

    /**
     * The arguments: {@code client} or {@code server}, the address, the doorbell, the file. Begins when told a line.
     */
    public static void main(String[] args) throws Exception {
        ShmAddress address = ShmAddress.of(args[1]);
        ShmDoorbell doorbell = ShmDoorbell.valueOf(args[2]);
        MappedByteBuffer notes;
        try (FileChannel file = FileChannel.open(
                Path.of(args[3]), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            notes = file.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES * CONNECTIONS);
        }
        AtomicInteger next = new AtomicInteger();
        ChannelInitializer<Channel> streams = new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                int index = next.getAndIncrement();
                channel.pipeline().addLast(new EndlessStream(index, bytes -> notes.putLong(index * Long.BYTES, bytes)));
            }
        };
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        ChildJvm.answer("here");
        input.readLine();
        if (args[0].equals("server")) {
            new ServerBootstrap()
                    .group(group)
                    .channel(ShmServerChannel.class)
                    .childOption(ShmChannelOption.SHM_DOORBELL, doorbell)
                    .childHandler(streams)
                    .bind(address)
                    .sync();
        } else {
            Bootstrap bootstrap = new Bootstrap()
                    .group(group)
                    .channel(ShmChannel.class)
                    .option(ShmChannelOption.SHM_DOORBELL, doorbell)
                    .handler(streams);
            for (int i = 0; i < CONNECTIONS; i++) {
                bootstrap.connect(address).sync();
            }
        }
        ChildJvm.answer("begun");
        // The end of the parent's is this one's.
        if (input.readLine() == null) {
            System.exit(0);
        }
    }
}
