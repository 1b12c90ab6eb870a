/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.pipe.unix.UnixTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Started by {@link ChildJvm}: binds the addresses it is told, and closes them when it is told {@code close}. */
public final class BindingProgram {
    private BindingProgram() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean nio = arguments.length > 0 && arguments[0].equals("nio");
        try (PipeFixture pipes = nio ? new PipeFixture(UnixTransport.nio()) : new PipeFixture();
                BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            ChildJvm.answer("ready " + (nio ? UnixTransport.nio().serverChannelType() : NamedPipe.serverChannelType()));
            Channel server = null;
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                if (line.equals("close")) {
                    if (server != null) {
                        server.close().sync();
                        server = null;
                    }
                    ChildJvm.answer("closed");
                } else {
                    ChannelFuture bound =
                            pipes.listen(NamedPipeAddress.of(line)).await();
                    server = bound.isSuccess() ? bound.channel() : null;
                    ChildJvm.answer(server != null ? "bound" : bound.cause());
                }
            }
        }
    }
}
