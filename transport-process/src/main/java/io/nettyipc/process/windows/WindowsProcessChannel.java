/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.windows;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.FileRegion;
import io.netty.util.concurrent.Future;
import io.nettyipc.base.channel.CancelledWrites;
import io.nettyipc.base.channel.ConnectAttempt;
import io.nettyipc.base.channel.ReleasedWrites;
import io.nettyipc.base.channel.TwoStreamChannel;
import io.nettyipc.base.loop.NextTurn;
import io.nettyipc.process.ProcessAddress;
import io.nettyipc.process.ProcessStderr;
import io.nettyipc.process.start.Child;
import io.nettyipc.process.start.ChildChannel;
import io.nettyipc.process.start.ProcessChannelConfig;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A channel to a child's standard input and output. Each of them is a pipe channel on the same event loop; this one
 * joins them: what the one reads passes through this pipeline, what is written here is written by the other, and
 * its promise is done when that has written it.
 */
public final class WindowsProcessChannel extends TwoStreamChannel implements ChildChannel {

    /** How many messages the pipe's channel has at once: enough to write them together. */
    private static final int MAX_HANDED_OVER = 64;

    private final ProcessChannelConfig config = new ProcessChannelConfig(this);
    private final Child child = new Child(this, config);
    private final NextTurn nextFlush = new NextTurn(this, unsafe()::flushNow);
    private final Batch batch = new Batch();
    private final Written written = new Written();
    private ChildStream input;
    private ChildStream output;
    private boolean readBeforeConnect;
    /** How many of the flushed messages, from the first that isn't cancelled, the pipe's channel has. */
    private int handedOver;

    /** For {@link io.netty.bootstrap.Bootstrap#channel}. */
    public WindowsProcessChannel() {}

    @Override
    public ProcessChannelConfig config() {
        return config;
    }

    @Override
    public ProcessAddress remoteAddress() {
        return child.address();
    }

    @Override
    protected String ioHandlerFactory() {
        return "ChildProcess.newIoHandlerFactory()";
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return child.address();
    }

    // ---- the child

    @Override
    public Child child() {
        return child;
    }

    @Override
    protected void doConnect(SocketAddress remoteAddress, ConnectAttempt attempt) throws IOException {
        child.start(remoteAddress, attempt, ProcessPipes::open, this::talk);
    }

    /** Makes channels of the pipes. */
    private void talk(ProcessPipes pipes, ProcessStderr stderr) {
        ChildStream errorChannel = null;
        if (pipes.error() != null) {
            errorChannel = pipes.error().channel(this);
            try {
                useAllocatorsOfThis(errorChannel);
                errorChannel.pipeline().addLast(stderr.handler());
            } catch (Throwable t) {
                errorChannel.unsafe().closeForcibly();
                throw t;
            }
        }
        input = pipes.stdout().channel(this);
        output = pipes.stdin().channel(this);
        useAllocatorsOfThis(input);
        input.config().setAutoRead(false);
        input.pipeline().addLast(new Output());
        output.config().setAutoRead(false);
        output.closeFuture().addListener(closed -> unsafe().outputEnded());
        activate();
        eventLoop().register(input).addListener(this::registered);
        eventLoop().register(output).addListener(this::registered);
        input.endsAfter(exitFuture(), config);
        if (errorChannel != null) {
            eventLoop().register(errorChannel).addListener(this::registered);
            errorChannel.endsAfter(exitFuture(), config);
        }
        if (readBeforeConnect) {
            // After the pipeline is told that the channel is active.
            eventLoop().execute(() -> {
                if (isOpen()) {
                    doBeginRead();
                }
            });
        }
    }

    private void useAllocatorsOfThis(ChildStream pipe) {
        pipe.config().setAllocator(config.getAllocator()).setRecvByteBufAllocator(config.getRecvByteBufAllocator());
    }

    private void registered(Future<? super Void> registration) {
        if (!registration.isSuccess()) {
            pipeline().fireExceptionCaught(registration.cause());
            unsafe().close();
        }
    }

    // ---- reading

    @Override
    protected void doBeginRead() {
        if (input == null) {
            readBeforeConnect = true;
        } else if (!config.isAutoRead()) {
            input.read();
        } else if (!input.config().isAutoRead()) {
            input.config().setAutoRead(true);
        }
    }

    @Override
    protected void doClearReadPending() {
        if (input == null) {
            readBeforeConnect = false;
        } else {
            input.config().setAutoRead(false);
        }
    }

    // ---- writing

    @Override
    protected boolean isFlushPending() {
        // The pipe's channel writes those that it has by itself.
        return handedOver == MAX_HANDED_OVER;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        for (int i = config.getWriteSpinCount(); i > 0; i--) {
            if (!handOver(in)) {
                return;
            }
            // As a rule the pipe takes it at once. Then listeners run in here, and what they flush, nobody but this
            // loop sees.
            output.flush();
        }
        // Other channels' turn.
        nextFlush.await();
    }

    /** Hands on as many messages as the pipe's channel may have; returns whether there were any. */
    private boolean handOver(ChannelOutboundBuffer in) throws Exception {
        if (handedOver == 0) {
            ReleasedWrites.current(in);
        } else {
            CancelledWrites.current(in);
        }
        in.forEachFlushedMessage(batch);
        int count = batch.messages.size();
        handedOver += count;
        // Not before all are collected: a write may fail at once, and take its message off.
        for (int i = 0; i < count; i++) {
            output.write(batch.messages.get(i), output.newProgressivePromise().addListener(written));
        }
        batch.reset();
        return count > 0;
    }

    /** The pipe's channel is done with the first message that it has. */
    private void written(Future<? super Void> write) {
        handedOver--;
        ChannelOutboundBuffer in = unsafe().outboundBuffer();
        // Null once the channel or its output is closed: the messages have been failed then.
        if (in == null) {
            return;
        }
        CancelledWrites.current(in);
        if (write.isSuccess()) {
            in.remove();
        } else {
            in.remove(write.cause());
            unsafe().outputEnded();
        }
        if (in.size() > handedOver && handedOver < MAX_HANDED_OVER / 2) {
            unsafe().flushNow();
        }
    }

    /** The pipe's channel has written more of the first message that it has. */
    private void progressed(long progress) {
        ChannelOutboundBuffer in = unsafe().outboundBuffer();
        if (in != null) {
            CancelledWrites.current(in);
            in.progress(progress - in.currentProgress());
        }
    }

    /** The flushed messages that are handed over next, each with a reference for the pipe's channel. */
    private final class Batch implements ChannelOutboundBuffer.MessageProcessor {
        final List<Object> messages = new ArrayList<>();
        private int passed;

        @Override
        public boolean processMessage(Object msg) {
            if (passed < handedOver) {
                passed++;
                return true;
            }
            if (handedOver + messages.size() == MAX_HANDED_OVER || ReleasedWrites.isReleased(msg)) {
                return false;
            }
            messages.add(msg instanceof ByteBuf buf ? buf.retainedDuplicate() : ((FileRegion) msg).retain());
            return true;
        }

        void reset() {
            messages.clear();
            passed = 0;
        }
    }

    /** Hears what becomes of the messages that the pipe's channel has, one after the other. */
    private final class Written implements ChannelProgressiveFutureListener {
        @Override
        public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
            progressed(progress);
        }

        @Override
        public void operationComplete(ChannelProgressiveFuture future) {
            written(future);
        }
    }

    // ---- closing

    @Override
    protected void doShutdownInput() {
        input.close();
    }

    @Override
    protected void doShutdownOutput() throws Exception {
        super.doShutdownOutput();
        output.close();
    }

    @Override
    protected void doClose() throws Exception {
        super.doClose();
        if (input != null) {
            input.close();
            output.close();
        }
        child.channelClosed();
    }

    /** Passes on what the child's standard output brings. */
    private final class Output extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            pipeline().fireChannelRead(msg);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            pipeline().fireChannelReadComplete();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            pipeline().fireExceptionCaught(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            // This side may have closed it.
            if (!isInputShutdown()) {
                unsafe().inputEnded();
            }
        }
    }
}
