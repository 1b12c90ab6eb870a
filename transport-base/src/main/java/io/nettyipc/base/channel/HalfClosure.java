/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;

/**
 * Which of a channel's directions are shut down, and what follows from that. The rules are those of Netty's kqueue
 * channels.
 *
 * <ul>
 *   <li>The end of the input shuts it down with {@code ALLOW_HALF_CLOSURE}; without it, and where the output is shut
 *       down, it closes the channel. Where this side has shut the input down, its end is only told.
 *   <li>That nobody reads the output any more shuts it down if there may still be something to read, else it closes
 *       the channel.
 *   <li>Where the peer has ended the input, shutting the output down closes the channel.
 *   <li>What this side alone shuts down, both directions too, leaves the channel open until it is closed.
 * </ul>
 *
 * <p>What changes it runs on the event loop, or goes there.
 */
final class HalfClosure {

    private final AbstractIpcChannel channel;
    /** Whether the peer has ended the input, and not this side alone. */
    private boolean inputEnded;

    private volatile boolean inputShutdown;
    private volatile boolean outputShutdown;

    HalfClosure(AbstractIpcChannel channel) {
        this.channel = channel;
    }

    boolean isInputShutdown() {
        return inputShutdown;
    }

    boolean isOutputShutdown() {
        return outputShutdown;
    }

    /** Tells no handler: the channel has one direction only, or is closed. */
    void set(boolean inputShutdown, boolean outputShutdown) {
        this.inputShutdown = inputShutdown;
        this.outputShutdown = outputShutdown;
    }

    // ---- by this side

    void shutdownInput(ChannelPromise promise) {
        if (!channel.eventLoop().inEventLoop()) {
            channel.eventLoop().execute(() -> shutdownInput(promise));
        } else if (promise.setUncancellable() && checkActive(promise)) {
            try {
                channel.doClearReadPending();
                if (!inputShutdown) {
                    inputShutdown = true;
                    channel.doShutdownInput();
                }
            } catch (Throwable t) {
                // As a task of the loop, or in a listener, it would be for the log only.
                promise.tryFailure(t);
                return;
            }
            promise.trySuccess();
        }
    }

    void shutdownOutput(ChannelPromise promise) {
        if (!channel.eventLoop().inEventLoop()) {
            channel.eventLoop().execute(() -> shutdownOutput(promise));
        } else if (promise.setUncancellable() && checkActive(promise) && !channel.shutsOutputDownLater(promise)) {
            shutdownOutputNow(promise);
        }
    }

    private boolean checkActive(ChannelPromise promise) {
        if (!channel.isOpen()) {
            promise.tryFailure(new ClosedChannelException());
        } else if (!channel.isActive()) {
            promise.tryFailure(new NotYetConnectedException());
        }
        return channel.isActive();
    }

    /** Ends the output, and fails what is still to be written. */
    void shutdownOutputNow(ChannelPromise promise) {
        if (outputShutdown) {
            promise.trySuccess();
            return;
        }
        // Not with the caller's promise, which may be done already.
        channel.ipcUnsafe().shutdownOutput(channel.newPromise().addListener(ended -> {
            if (ended.isSuccess()) {
                promise.trySuccess();
            } else {
                promise.tryFailure(ended.cause());
            }
        }));
    }

    /** Netty has the channel end its output. */
    void outputIsShutDown() {
        outputShutdown = true;
        if (inputEnded && channel.isOpen() && channel.closesOnceBothEnded()) {
            channel.eventLoop().execute(channel::close0);
        }
    }

    void shutdown(ChannelPromise promise) {
        if (!channel.eventLoop().inEventLoop()) {
            // Both in one turn of the loop: the end of the output may have the channel closed by the next.
            channel.eventLoop().execute(() -> shutdown(promise));
        } else if (promise.setUncancellable()) {
            channel.shutdownOutput()
                    .addListener(output -> channel.shutdownInput()
                            .addListener(input -> completeShutdown(promise, output.cause(), input.cause())));
        }
    }

    private static void completeShutdown(ChannelPromise promise, Throwable output, Throwable input) {
        if (output == null && input == null) {
            promise.trySuccess();
            return;
        }
        if (output != null && input != null && output != input) {
            output.addSuppressed(input);
        }
        promise.tryFailure(output != null ? output : input);
    }

    // ---- by the peer

    /** The input has ended, and all before it has been read. */
    void inputEnded() {
        if (inputEnded || !channel.isOpen()) {
            return;
        }
        inputEnded = true;
        if (!inputShutdown) {
            if ((outputShutdown && channel.closesOnceBothEnded()) || !isHalfClosureAllowed()) {
                channel.close0();
                return;
            }
            inputShutdown = true;
            channel.doShutdownInput();
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        channel.inputHasEnded();
    }

    private boolean isHalfClosureAllowed() {
        return Boolean.TRUE.equals(channel.config().getOption(ChannelOption.ALLOW_HALF_CLOSURE));
    }

    /** The peer reads no more. */
    void outputEnded() {
        if (outputShutdown || !channel.isOpen()) {
            return;
        }
        if (inputShutdown || channel.endsWithItsReader()) {
            channel.close0();
        } else {
            channel.ipcUnsafe().shutdownOutput(channel.voidPromise());
        }
    }
}
