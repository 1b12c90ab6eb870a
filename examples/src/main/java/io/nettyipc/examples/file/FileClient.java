/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.file;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import io.nettyipc.codec.call.Call;
import io.nettyipc.codec.call.CallClientHandler;
import io.nettyipc.codec.call.CallListener;
import io.nettyipc.codec.call.CallStatus;
import io.nettyipc.examples.LocalTransport;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * {@code mvn -q -pl examples -am compile -Dexample=file.FileClient -Dargs="shm files pom.xml /tmp/copy.xml"}: gets a
 * file from {@link FileServer}.
 */
public final class FileClient {
    private FileClient() {}

    public static void main(String[] args) throws Exception {
        LocalTransport transport = LocalTransport.of(args[0]);
        EventLoopGroup group = transport.newGroup();
        try (FileChannel copy = FileChannel.open(
                Path.of(args[3]),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            CallClientHandler client = new CallClientHandler();
            new Bootstrap()
                    .group(group)
                    .channel(transport.channelType())
                    .handler(client)
                    .connect(transport.address(args[1]))
                    .sync();
            CompletableFuture<CallStatus> end = new CompletableFuture<>();
            long start = System.nanoTime();
            Call call = client.open(FileServer.GET, new CallListener() {
                @Override
                public void onMessage(Call from, ByteBuf chunk) throws IOException {
                    try {
                        while (chunk.isReadable()) {
                            chunk.readBytes(copy, chunk.readableBytes());
                        }
                    } finally {
                        chunk.release();
                    }
                }

                @Override
                public void onEnd(Call from, CallStatus status) {
                    end.complete(status);
                }
            });
            call.end(Unpooled.copiedBuffer(args[2], StandardCharsets.UTF_8));
            CallStatus status = end.get();
            System.out.printf(
                    "%s: %,d bytes in %,d ms%n", status, copy.position(), (System.nanoTime() - start) / 1_000_000);
            client.shutdown().sync();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
