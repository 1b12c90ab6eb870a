/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.channel.Channel;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.PipeFixture;

/** What works without native access, and what the rest says. */
final class DeniedNativeAccessProgram {

    private DeniedNativeAccessProgram() {}

    public static void main(String[] args) throws Exception {
        if (args[0].equals("echo")) {
            echo(NamedPipeAddress.of(args[1]));
        } else {
            tell(NamedPipe::ensureAvailability);
            tell(Shm::ensureAvailability);
        }
    }

    private static void tell(Runnable check) {
        try {
            check.run();
            System.out.println("available");
        } catch (UnsatisfiedLinkError e) {
            System.out.println(e.getMessage());
        }
    }

    private static void echo(NamedPipeAddress address) throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.listening(address);
            pipes.assertEchoes(address);
            Channel client = pipes.connect(address).sync().channel();
            boolean own = NamedPipe.peer(client).user().equals(System.getProperty("user.name"));
            System.out.println(
                    "echoed over " + client.getClass().getSimpleName() + ", by " + (own ? "this user" : "?"));
            client.close().sync();
        }
    }
}
