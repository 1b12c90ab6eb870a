/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.unix;

import io.netty.channel.ChannelOutboundBuffer;
import io.nettyipc.base.channel.ConnectAttempt;
import io.nettyipc.base.channel.DescriptorChannel;
import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.LibC;
import io.nettyipc.base.os.Platform;
import io.nettyipc.base.os.SocketFile;
import io.nettyipc.process.StdioAddress;
import io.nettyipc.process.stdio.StdioChannelConfig;
import io.nettyipc.process.stdio.StdioEnd;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** This process's standard input and output. */
public final class UnixStdioChannel extends DescriptorChannel {
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;

    private static final Path CLASSES = Path.of(System.getProperty("java.home"), "lib", "modules");

    private static final AtomicBoolean TAKEN = new AtomicBoolean();

    private final StdioChannelConfig config = new StdioChannelConfig(this);
    private final StdioEnd end = new StdioEnd(this, config);
    private volatile SocketAddress remote;
    /** Where a stream couldn't be opened anew: what others have as well. */
    private final List<SharedFlags> shared = new ArrayList<>();

    private boolean terminal;

    /** For {@link io.netty.bootstrap.Bootstrap#channel}. */
    public UnixStdioChannel() {
        super(null);
    }

    @Override
    public StdioChannelConfig config() {
        return config;
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
    protected void doConnect(SocketAddress remoteAddress, ConnectAttempt attempt) throws IOException {
        if (remoteAddress != StdioAddress.INSTANCE) {
            throw new IllegalArgumentException("not StdioAddress.INSTANCE but " + remoteAddress);
        }
        if (!TAKEN.compareAndSet(false, true)) {
            throw new IOException("standard input and output have been taken over by another channel of this process");
        }
        boolean given = false;
        Descriptor input = null;
        Descriptor output = null;
        Descriptor empty = null;
        try {
            terminal = LibC.isatty(STDIN) == 1;
            SocketFile in = file(STDIN);
            SocketFile out = file(STDOUT);
            System.out.flush();
            openStandardError();
            input = takeOver(STDIN, in, LibC.O_RDONLY);
            output = in.isSocket() && in.isSameFile(out) ? input : takeOver(STDOUT, out, LibC.O_WRONLY);
            if (in.isFifo()) {
                // A FIFO that is opened anew doesn't tell of writers that have closed it before.
                expectEarlierEnd();
            }
            empty = open("/dev/null", LibC.O_RDWR);
            activate(input, output);
            given = true;
            giveAway(empty);
            takeWhatJavaHasRead();
            remote = remoteAddress;
        } catch (Throwable t) {
            close(input);
            close(output);
            giveBack();
            // Nothing has changed for the others in this process, so another attempt is free to try.
            TAKEN.set(given);
            attempt.fail(t);
            return;
        } finally {
            close(empty);
        }
        attempt.succeed();
    }

    /** {@code System.in} reads ahead. Now that its file is empty, what is available is in its buffer. */
    private void takeWhatJavaHasRead() throws IOException {
        InputStream in = System.in;
        // Another one than the JDK's need not have to do with standard input.
        if (in != null && in.getClass() == BufferedInputStream.class) {
            int length = in.available();
            if (length > 0) {
                readFirst(alloc().directBuffer(length, length).writeBytes(in.readNBytes(length)));
            }
        }
    }

    private static void close(Descriptor descriptor) {
        if (descriptor != null) {
            descriptor.close();
        }
    }

    /** Looks at what the stream is. */
    private static SocketFile file(int stream) throws IOException {
        String name = stream == STDIN ? "standard input" : "standard output";
        if (isClosed(stream)) {
            throw new IOException(name + " is closed");
        }
        try {
            return SocketFile.read(path(stream));
        } catch (IOException e) {
            throw new IOException(name + " is closed", e);
        }
    }

    private static Path path(int stream) {
        return Path.of("/dev/fd/" + stream);
    }

    /** A JVM that was started without the stream has a file of its own there, the first that it has opened. */
    private static boolean isClosed(int stream) {
        try {
            return LibC.fcntl(stream, LibC.F_GETFL, 0) < 0 || Files.isSameFile(path(stream), CLASSES);
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns a descriptor of our own of what the stream is. */
    private Descriptor takeOver(int stream, SocketFile file, int flags) throws IOException {
        if (Platform.current() == Platform.LINUX && (file.isFifo() || file.isDevice())) {
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
        try {
            if (file.isFifo() || file.isDevice()) {
                SharedFlags before = SharedFlags.setNonBlocking(descriptor);
                if (before != null) {
                    shared.add(before);
                }
            }
            return descriptor;
        } catch (IOException e) {
            descriptor.close();
            throw e;
        }
    }

    /** Where there is no standard error, the next descriptor that anybody opens would become it. */
    private static void openStandardError() throws IOException {
        if (LibC.fcntl(STDERR, LibC.F_GETFL, 0) < 0) {
            Descriptor sink = open("/dev/null", LibC.O_RDWR);
            if (sink.number() != STDERR) {
                copy(sink.number(), STDERR);
                sink.close();
            }
        }
    }

    /**
     * What others in this process read is empty from now on, and what they write goes to standard error if there is
     * one.
     */
    private static void giveAway(Descriptor empty) throws IOException {
        copy(isClosed(STDERR) ? empty.number() : STDERR, STDOUT);
        copy(empty.number(), STDIN);
    }

    private static Descriptor open(String path, int flags) throws IOException {
        int number = Descriptor.tryOpen(path, flags);
        if (number < 0) {
            throw LibC.error("open of " + path, -number);
        }
        return new Descriptor(number);
    }

    private static void copy(int from, int to) throws IOException {
        if (LibC.dup2(from, to) < 0) {
            throw LibC.error("dup2");
        }
    }

    /** As a filter ends whose reader has gone: what it would read on would be for nobody. */
    @Override
    protected boolean endsWithItsReader() {
        return config().isAutoClose();
    }

    private void giveBack() {
        shared.forEach(SharedFlags::close);
        shared.clear();
    }

    @Override
    protected void doClose() throws Exception {
        super.doClose();
        giveBack();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        end.writes();
        super.doWrite(in);
    }

    @Override
    protected void inputHasEnded() {
        end.inputEnded();
    }

    /** A terminal gives one line at a time, however many there are. */
    @Override
    protected boolean isEmptyAfterShortRead() {
        return !terminal;
    }
}
