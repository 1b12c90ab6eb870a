/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.dockerjava;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.io.InputStream;

/** Sends a container its input, on a thread of its own since the stream's reads block, and then the input's end. */
final class HijackedInput implements Runnable {

    private final InputStream input;
    private final Channel channel;

    private HijackedInput(InputStream input, Channel channel) {
        this.input = input;
        this.channel = channel;
    }

    /** The thread is a daemon: a read of a terminal can't be ended. */
    static void start(InputStream input, Channel channel) {
        Thread thread = new Thread(
                new HijackedInput(input, channel),
                "docker-java-ipc-input-" + channel.id().asShortText());
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        try {
            if (Uploads.copy(input, channel, bytes -> bytes)) {
                // A pipe whose daemon reads bytes can't be closed in one direction: there the container's input stays
                // open.
                ((DuplexChannel) channel).shutdownOutput();
            }
        } catch (IOException | RuntimeException e) {
            channel.pipeline()
                    .fireExceptionCaught(new IOException("the input of the container failed: " + e.getMessage(), e));
        } catch (InterruptedException e) {
            channel.close();
            Thread.currentThread().interrupt();
        }
    }
}
