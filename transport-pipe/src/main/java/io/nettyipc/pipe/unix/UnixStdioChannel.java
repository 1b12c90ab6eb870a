/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import io.netty.channel.ChannelPromise;
import io.nettyipc.pipe.StdioAddress;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** This process's standard input and output. */
public final class UnixStdioChannel extends DescriptorChannel {
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;

    private static final AtomicBoolean TAKEN = new AtomicBoolean();

    private volatile SocketAddress remote;
    private boolean terminal;

    /** For {@link io.netty.bootstrap.Bootstrap#channel}. */
    public UnixStdioChannel() {
        super(null);
    }

    @Override
    protected SocketAddress localAddress0() {
        return null;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return remote;
    }

    @Override
    void doConnect(SocketAddress remoteAddress, ChannelPromise promise) throws IOException {
        if (remoteAddress != StdioAddress.INSTANCE) {
            throw new IllegalArgumentException("not StdioAddress.INSTANCE but " + remoteAddress);
        }
        if (!TAKEN.compareAndSet(false, true)) {
            throw new IOException("standard input and output have been taken over by another channel of this process");
        }
        Descriptor input = null;
        Descriptor output = null;
        try {
            terminal = LibC.isatty(STDIN) == 1;
            System.out.flush();
            input = takeOver(STDIN, LibC.O_RDONLY);
            output = takeOver(STDOUT, LibC.O_WRONLY);
            giveAway();
            remote = remoteAddress;
            activate(input, output);
        } catch (IOException e) {
            if (input != null) {
                input.close();
            }
            if (output != null) {
                output.close();
            }
            connectFailed(promise, e);
            return;
        }
        connected(promise);
    }

    /** Returns a descriptor of our own of what the stream is. */
    private static Descriptor takeOver(int stream, int flags) throws IOException {
        Path path = Path.of("/dev/fd/" + stream);
        SocketFile file;
        try {
            file = SocketFile.read(path);
        } catch (IOException e) {
            throw new IOException((stream == STDIN ? "standard input" : "standard output") + " is closed", e);
        }
        if (Platform.isLinux() && (file.isFifo() || file.isDevice())) {
            // A new open file, so that O_NONBLOCK is ours alone. Those who started us have the old one too.
            int number = Descriptor.tryOpen("/proc/self/fd/" + stream, flags | LibC.O_NOCTTY);
            if (number >= 0) {
                return new Descriptor(number);
            }
        }
        int number = LibC.fcntl(stream, LibC.F_DUPFD_CLOEXEC, STDERR + 1);
        if (number < 0) {
            throw LibC.error("fcntl");
        }
        Descriptor descriptor = new Descriptor(number, file.isSocket());
        if (file.isFifo() || file.isDevice()) {
            descriptor.setNonBlocking();
        }
        return descriptor;
    }

    /** What others in this process read is empty from now on, and what they write goes to standard error. */
    private static void giveAway() throws IOException {
        int empty = Descriptor.tryOpen("/dev/null", LibC.O_RDONLY);
        if (empty < 0) {
            throw LibC.error("open of /dev/null", -empty);
        }
        int moved = LibC.dup2(empty, STDIN);
        int error = Native.getLastError();
        LibC.close(empty);
        if (moved < 0) {
            throw LibC.error("dup2", error);
        }
        if (LibC.dup2(STDERR, STDOUT) < 0) {
            throw LibC.error("dup2");
        }
    }

    /** A terminal gives one line at a time, however many there are. */
    @Override
    boolean isEmptyAfterShortRead() {
        return !terminal;
    }
}
