/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;

/** {@link DuplexChannel#shutdown(ChannelPromise)} as Netty's kqueue channels have it. */
public final class BothDirections {

    private BothDirections() {}

    /**
     * Shuts down the output and then the input, this also if the output can't be. The channel stays open.
     *
     * @param promise succeeds if both did; fails with the output's cause, else with the input's. A cancelled one changes
     *     nothing, one that is done already stays as it is
     */
    public static ChannelFuture shutdown(DuplexChannel channel, ChannelPromise promise) {
        if (promise.setUncancellable()) {
            channel.shutdownOutput()
                    .addListener(output -> channel.shutdownInput()
                            .addListener(input -> complete(promise, output.cause(), input.cause())));
        }
        return promise;
    }

    private static void complete(ChannelPromise promise, Throwable output, Throwable input) {
        if (output == null && input == null) {
            promise.trySuccess();
            return;
        }
        if (output != null && input != null && output != input) {
            output.addSuppressed(input);
        }
        promise.tryFailure(output != null ? output : input);
    }
}
