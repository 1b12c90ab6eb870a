/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.file;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.nettyipc.codec.call.Call;
import io.nettyipc.codec.call.CallListener;
import io.nettyipc.codec.call.CallServerHandler;
import io.nettyipc.codec.call.CallStatus;
import io.nettyipc.examples.LocalTransport;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * {@code mvn -q -pl examples -am compile -Dexample=file.FileServer -Dargs="shm files /some/directory"}: sends files of
 * a directory to {@link FileClient}, as fast as each client takes them.
 */
public final class FileServer {
    static final int GET = 1;

    private FileServer() {}

    public static void main(String[] args) throws InterruptedException {
        LocalTransport transport = LocalTransport.of(args.length > 0 ? args[0] : "shm");
        String name = args.length > 1 ? args[1] : "files";
        Path directory =
                Path.of(args.length > 2 ? args[2] : ".").toAbsolutePath().normalize();
        EventLoopGroup group = transport.newGroup();
        try {
            Channel server = new ServerBootstrap()
                    .group(group)
                    .channel(transport.serverChannelType())
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline()
                                    .addLast(new CallServerHandler(
                                            method -> method == GET ? call -> new Transfer(directory) : null));
                        }
                    })
                    .bind(transport.address(name))
                    .sync()
                    .channel();
            System.out.println("file server on " + server.localAddress() + " for " + directory + "; Ctrl-C ends it");
            server.closeFuture().sync();
        } finally {
            group.shutdownGracefully();
        }
    }

    /**
     * Gets a file's name and sends the file. Reading blocks the event loop: for slow disks it would be another thread.
     */
    private static final class Transfer implements CallListener {
        private static final int CHUNK = 64 * 1024;

        private final Path directory;
        private FileChannel file;
        private long position;

        Transfer(Path directory) {
            this.directory = directory;
        }

        @Override
        public void onMessage(Call call, ByteBuf message) {
            Path path =
                    directory.resolve(message.toString(StandardCharsets.UTF_8)).normalize();
            message.release();
            if (!path.startsWith(directory) || file != null) {
                call.abort(CallStatus.of(CallStatus.Code.PERMISSION_DENIED, "not in the server's directory"));
                return;
            }
            try {
                file = FileChannel.open(path);
                send(call);
            } catch (IOException e) {
                call.abort(CallStatus.of(CallStatus.Code.NOT_FOUND, e.toString()));
            }
        }

        @Override
        public void onWritable(Call call) throws IOException {
            if (file != null) {
                send(call);
            }
        }

        private void send(Call call) throws IOException {
            while (call.isWritable()) {
                ByteBuf chunk = call.channel().alloc().directBuffer(CHUNK);
                int length = chunk.writeBytes(file, position, CHUNK);
                if (length < 0) {
                    chunk.release();
                    call.end();
                    return;
                }
                position += length;
                call.write(chunk);
            }
        }

        @Override
        public void onEnd(Call call, CallStatus status) throws IOException {
            if (file != null) {
                file.close();
            }
        }
    }
}
