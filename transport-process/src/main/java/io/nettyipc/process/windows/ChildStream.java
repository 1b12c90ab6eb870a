/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.windows;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.nettyipc.base.channel.ConnectAttempt;
import io.nettyipc.base.channel.HalfClosureConfig;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.overlapped.OverlappedChannel;
import io.nettyipc.base.overlapped.PipeTraits;
import io.nettyipc.process.start.KeptOutput;
import io.nettyipc.process.start.ProcessChannelConfig;
import java.net.SocketAddress;

/** This process's end of one of a child's standard streams. */
final class ChildStream extends OverlappedChannel {

    private final HalfClosureConfig config = new HalfClosureConfig(this);
    private final boolean toChild;

    /** Takes over the handle of the pipe's end. */
    ChildStream(Channel process, long handle, boolean toChild) {
        super(process);
        this.toChild = toChild;
        open(handle);
        activate();
    }

    @Override
    public HalfClosureConfig config() {
        return config;
    }

    @Override
    protected String ioHandlerFactory() {
        return "ChildProcess.newIoHandlerFactory()";
    }

    @Override
    protected PipeTraits prepare(long handle) {
        return PipeTraits.READABLE_BYTES;
    }

    /** See {@link KeptOutput}. Closing this end is what the end of the pipe would do. */
    void endsAfter(Future<Integer> exit, ProcessChannelConfig processConfig) {
        KeptOutput.endAfter(exit, processConfig, this, this::isEmpty, unsafe()::close);
    }

    private boolean isEmpty() {
        int[] bytes = new int[1];
        // A broken pipe is empty too. What a read took out of it before this question, the reader has.
        boolean empty = withHandle(handle -> !Kernel32.PeekNamedPipe(handle, 0, 0, null, bytes, null) || bytes[0] == 0);
        return empty && !reader().hasData() && reader().bytesAhead() == 0;
    }

    @Override
    protected void doConnect(SocketAddress remoteAddress, ConnectAttempt attempt) {
        throw new UnsupportedOperationException("a child's stream can't be connected");
    }

    @Override
    protected Object filterOutboundMessage(Object msg) throws Exception {
        if (!toChild) {
            throw new UnsupportedOperationException(remoteAddress() + ": this stream of the child is only read");
        }
        return super.filterOutboundMessage(msg);
    }

    @Override
    protected SocketAddress localAddress0() {
        return null;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return parent().remoteAddress();
    }
}
