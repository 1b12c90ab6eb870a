/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;
import io.netty.util.IllegalReferenceCountException;
import io.nettyipc.base.loop.DescriptorWatch;
import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.DirectMemory;
import io.nettyipc.base.os.GatherArray;
import io.nettyipc.base.os.UnixSocket;
import java.io.IOException;

/**
 * What a {@link DescriptorChannel} reads and writes, with the watches of it: one socket, or a descriptor for each
 * direction.
 */
abstract class DescriptorEnds {

    private static final int MAX_REGION_CHUNK = 64 * 1024;

    /** The ends of a channel that isn't connected yet. */
    static final DescriptorEnds NONE = new TwoDescriptors(null, null);

    final Descriptor input;
    final Descriptor output;
    private DescriptorWatch inputWatch;
    private DescriptorWatch outputWatch;

    private DescriptorEnds(Descriptor input, Descriptor output) {
        this.input = input;
        this.output = output;
    }

    /** Either may be null; if both are the same it is a socket. */
    static DescriptorEnds of(Descriptor input, Descriptor output) {
        return input != null && input == output ? new OneSocket(input) : new TwoDescriptors(input, output);
    }

    /** Tells the channel from now on. */
    abstract void watch(DescriptorChannel channel) throws IOException;

    abstract void unwatch();

    abstract void shutdownInput();

    abstract void shutdownOutput();

    /**
     * Writes the first message, and others as far as they fit.
     *
     * @return how many bytes were taken, or the negative error
     * @throws IllegalReferenceCountException if the first one has been released
     */
    final int write(ChannelOutboundBuffer in, ByteBuf first) throws Exception {
        if (in.size() == 1 && first.nioBufferCount() == 1) {
            return output.write(
                    DirectMemory.addressOf(first, first.readerIndex(), first.readableBytes()), first.readableBytes());
        }
        return output.writev(GatherArray.of(in));
    }

    /**
     * Writes of the first message what one system call takes, and removes it if that is all; returns 0 or the negative
     * error.
     */
    final int writeRegion(DescriptorChannel channel, ChannelOutboundBuffer in, FileRegion region) throws IOException {
        long left = region.count() - region.transferred();
        if (left > 0) {
            RegionSink sink = new RegionSink(output, (int) Math.min(left, MAX_REGION_CHUNK));
            long transferred = region.transferTo(sink, region.transferred());
            in.progress(transferred);
            if (sink.error() != 0) {
                return -sink.error();
            }
            if (transferred <= 0) {
                throw channel.endedEarly(region);
            }
        }
        if (region.transferred() >= region.count()) {
            in.remove();
        }
        return 0;
    }

    final void close() {
        if (input != null) {
            input.close();
        }
        if (output != null) {
            output.close();
        }
    }

    boolean isInputWatched() {
        return inputWatch != null;
    }

    boolean isInputAlwaysReady() {
        return inputWatch != null && inputWatch.isAlwaysReady();
    }

    void awaitInput() {
        inputWatch.awaitInput();
    }

    /** Does nothing while the channel isn't registered. */
    void awaitOutput() {
        if (outputWatch != null) {
            outputWatch.awaitOutput();
        }
    }

    private static DescriptorWatch start(
            DescriptorChannel channel, Descriptor descriptor, boolean reads, boolean writes) throws IOException {
        return DescriptorWatch.start(
                channel.eventLoop(), descriptor, reads, writes, new Listener(channel, reads, writes));
    }

    private static final class TwoDescriptors extends DescriptorEnds {

        TwoDescriptors(Descriptor input, Descriptor output) {
            super(input, output);
        }

        @Override
        void watch(DescriptorChannel channel) throws IOException {
            if (!channel.isInputShutdown()) {
                super.inputWatch = start(channel, input, true, false);
            }
            if (!channel.isOutputShutdown()) {
                super.outputWatch = start(channel, output, false, true);
            }
        }

        @Override
        void unwatch() {
            unwatchInput();
            unwatchOutput();
        }

        private void unwatchInput() {
            if (super.inputWatch != null) {
                super.inputWatch.cancel();
                super.inputWatch = null;
            }
        }

        private void unwatchOutput() {
            if (super.outputWatch != null) {
                super.outputWatch.cancel();
                super.outputWatch = null;
            }
        }

        /** A pipe's writer is told by its next write. */
        @Override
        void shutdownInput() {
            unwatchInput();
            input.close();
        }

        @Override
        void shutdownOutput() {
            unwatchOutput();
            output.close();
        }
    }

    private static final class OneSocket extends DescriptorEnds {

        OneSocket(Descriptor socket) {
            super(socket, socket);
        }

        @Override
        void watch(DescriptorChannel channel) throws IOException {
            super.outputWatch = start(channel, input, true, true);
            super.inputWatch = channel.isInputShutdown() ? null : super.outputWatch;
        }

        @Override
        void unwatch() {
            if (super.outputWatch != null) {
                super.outputWatch.cancel();
                super.outputWatch = null;
                super.inputWatch = null;
            }
        }

        /** The peer isn't told. Its end is still heard of. */
        @Override
        void shutdownInput() {
            super.inputWatch = null;
        }

        @Override
        void shutdownOutput() {
            UnixSocket.shutdownOutput(output);
        }
    }

    /** Tells the channel what concerns the directions that a descriptor is used for. */
    private record Listener(DescriptorChannel channel, boolean reads, boolean writes)
            implements DescriptorWatch.Listener {
        @Override
        public void ready(boolean readable, boolean writable, boolean gone) {
            if (!reads) {
                channel.outputReady(gone);
                return;
            }
            if (writes && writable) {
                // Whether a socket's peer has gone, reading shows.
                channel.outputReady(false);
            }
            if (readable) {
                channel.inputReady(gone);
            }
        }

        @Override
        public void failed(Throwable cause) {
            channel.failed(cause);
        }

        @Override
        public void loopEnds() {
            channel.loopEnds();
        }
    }
}
