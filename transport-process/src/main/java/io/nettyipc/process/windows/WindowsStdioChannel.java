/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.windows;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.nettyipc.base.channel.ConnectAttempt;
import io.nettyipc.base.channel.TwoStreamChannel;
import io.nettyipc.base.loop.BlockingHandle;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.process.StdioAddress;
import io.nettyipc.process.stdio.StdioChannelConfig;
import io.nettyipc.process.stdio.StdioEnd;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * This process's standard input and output. Those that a process is started with are as a rule not for overlapped
 * operations, and where they are, their file may have a completion port already, so a thread for each makes the calls.
 * (One pipe that is both, and not for overlapped operations, won't do: Windows lets a write to it wait for the read.)
 */
public final class WindowsStdioChannel extends TwoStreamChannel {

    /** Consoles refuse much more, each version from another length on. */
    private static final int MAX_CONSOLE_WRITE = 16 * 1024;

    /** How long the end of the output or of the channel waits for who reads what was flushed before. */
    private static final long LINGER_MILLIS = 1000;

    private final StdioChannelConfig config = new StdioChannelConfig(this);
    private final StdioEnd end = new StdioEnd(this, config);
    private StreamReader reader;
    private StreamWriter writer;
    private boolean readBeforeConnect;
    private boolean lingering;
    private boolean lingeredEnough;
    /** Completed by the end of the output, which waits until everything flushed before is written; or null. */
    private ChannelPromise outputEnd;

    private volatile SocketAddress remote;

    /** For {@link io.netty.bootstrap.Bootstrap#channel}. */
    public WindowsStdioChannel() {}

    @Override
    public StdioChannelConfig config() {
        return config;
    }

    @Override
    protected String ioHandlerFactory() {
        return "Stdio.newIoHandlerFactory()";
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return remote;
    }

    @Override
    protected void doConnect(SocketAddress remoteAddress, ConnectAttempt attempt) {
        if (remoteAddress != StdioAddress.INSTANCE) {
            throw new IllegalArgumentException("not StdioAddress.INSTANCE but " + remoteAddress);
        }
        StandardStreams streams;
        try {
            streams = StandardStreams.takeOver();
        } catch (Throwable t) {
            attempt.fail(t);
            return;
        }
        StandardStreams.Stream input = streams.input();
        StandardStreams.Stream output = streams.output();
        ByteBuf readAhead = null;
        try {
            readAhead = StandardStreams.readAhead(alloc());
            reader = new StreamReader(
                    this,
                    new BlockingHandle(input.handle(), input.overlapped(), "nettyipc-stdin"),
                    input.kind() == StandardStreams.Kind.PIPE);
            writer = new StreamWriter(
                    this,
                    new BlockingHandle(output.handle(), output.overlapped(), "nettyipc-stdout"),
                    output.kind() == StandardStreams.Kind.CHARACTERS ? MAX_CONSOLE_WRITE : Integer.MAX_VALUE,
                    this::writerIdle);
            if (readAhead != null) {
                reader.begins(readAhead);
            }
        } catch (Throwable t) {
            // No more threads, for example.
            if (readAhead != null) {
                readAhead.release();
            }
            if (reader == null) {
                Kernel32.CloseHandle(input.handle());
            }
            Kernel32.CloseHandle(output.handle());
            attempt.fail(t);
            return;
        }
        remote = remoteAddress;
        activate();
        attempt.succeed();
        if (readBeforeConnect) {
            doBeginRead();
        }
    }

    @Override
    protected void doBeginRead() {
        if (reader == null) {
            readBeforeConnect = true;
        } else {
            reader.beginRead();
        }
    }

    @Override
    protected void doClearReadPending() {
        if (reader == null) {
            readBeforeConnect = false;
        } else {
            reader.clearReadPending();
        }
    }

    @Override
    protected boolean isFlushPending() {
        return writer != null && writer.isWriting();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws IOException {
        end.writes();
        writer.write(in);
    }

    @Override
    protected void inputHasEnded() {
        end.inputEnded();
    }

    @Override
    protected void doShutdownInput() {
        reader.closeInBackground();
    }

    @Override
    protected void doShutdownOutput() throws Exception {
        super.doShutdownOutput();
        writer.closeInBackground();
    }

    /**
     * What is flushed is on its way, which other channels have finished by the time that somebody closes them, or that
     * the end of the input does. It gets its chance here too.
     */
    @Override
    protected boolean closesLater() {
        if (!isFlushPending() || lingeredEnough || eventLoop().isShuttingDown()) {
            return false;
        }
        if (!lingering) {
            lingering = true;
            reader.stop();
            eventLoop().schedule(this::lingeredEnough, LINGER_MILLIS, TimeUnit.MILLISECONDS);
        }
        return true;
    }

    private void lingeredEnough() {
        lingeredEnough = true;
        unsafe().close();
    }

    @Override
    protected boolean shutsOutputDownLater(ChannelPromise promise) {
        if (outputEnd != null && !outputEnd.isDone()) {
            outputEnd.addListener(ended -> shutdownOutput(promise));
            return true;
        }
        if (isOutputShutdown() || !isFlushPending() || eventLoop().isShuttingDown()) {
            return false;
        }
        outputEnd = promise.unvoid();
        eventLoop().schedule(this::endOutput, LINGER_MILLIS, TimeUnit.MILLISECONDS);
        return true;
    }

    private void endOutput() {
        ChannelPromise promise = outputEnd;
        outputEnd = null;
        if (promise != null) {
            shutdownOutputNow(promise);
        }
    }

    private void writerIdle() {
        endOutput();
        if (lingering) {
            unsafe().close();
        }
    }

    @Override
    protected Executor closing() {
        if (reader == null) {
            return null;
        }
        end();
        if (outputEnd != null) {
            outputEnd.tryFailure(new ClosedChannelException());
            outputEnd = null;
        }
        reader.stop();
        // The end of both threads is waited for, which is no business of the event loop while it has others.
        return eventLoop().isShuttingDown() ? null : BlockingHandle.CLOSER;
    }

    @Override
    protected void doClose() throws Exception {
        super.doClose();
        if (reader != null) {
            reader.close();
        }
        if (writer != null) {
            writer.close();
        }
    }
}
