/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.FileRegion;
import io.netty.channel.IoEventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.StringUtil;
import io.nettyipc.pipe.NamedPipeAccess;
import io.nettyipc.pipe.ProcessAddress;
import io.nettyipc.pipe.ProcessChannel;
import io.nettyipc.pipe.ProcessStderr;
import io.nettyipc.pipe.process.ProcessStart;
import io.nettyipc.pipe.process.ProcessTermination;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.util.concurrent.RejectedExecutionException;

/**
 * A channel to a child's standard input and output. Each of them is a one-way pipe channel on the same event loop; this
 * one joins them: what the one reads passes through this pipeline, what is written here is written by the other, and
 * its promise is done when that has written it.
 */
public final class WindowsProcessChannel extends AbstractChannel implements ProcessChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    /** How many messages the pipe's channel has at once: enough to write them together. */
    private static final int MAX_HANDED_OVER = 64;

    private final WindowsProcessChannelConfig config = new WindowsProcessChannelConfig(this);
    private final ProcessTermination termination = new ProcessTermination();
    private ChannelPromise connectPromise;
    private WindowsNamedPipeChannel input;
    private WindowsNamedPipeChannel output;
    private boolean readBeforeConnect;
    /** How many of the flushed messages, from the first, the pipe's channel has. */
    private int handedOver;

    private volatile ProcessAddress remote;
    private volatile boolean open = true;
    private volatile boolean active;
    private volatile boolean inputShutdown;
    private volatile boolean outputShutdown;

    /** For {@link io.netty.bootstrap.Bootstrap#channel}. */
    public WindowsProcessChannel() {
        super(null);
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public ProcessAddress remoteAddress() {
        return remote;
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
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof IoEventLoop ioLoop && ioLoop.isCompatible(CompletionPortIoHandle.class);
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new ProcessUnsafe();
    }

    @Override
    protected void doBind(SocketAddress localAddress) {
        throw new UnsupportedOperationException("a child process can't be bound; connect to its ProcessAddress");
    }

    // ---- the child

    @Override
    public ProcessHandle process() {
        return termination.process().toHandle();
    }

    @Override
    public Future<Integer> exitFuture() {
        return termination.exitFuture();
    }

    @Override
    public Future<Integer> terminate() {
        return termination.ask(config.exitTimeoutMillis());
    }

    @Override
    public Future<Integer> kill() {
        return termination.kill();
    }

    private void start(ProcessAddress address) throws IOException {
        ProcessStderr stderr = config.stderr();
        ProcessPipe stdin = new ProcessPipe(NamedPipeAccess.OUTBOUND);
        ProcessPipe stdout = null;
        ProcessPipe error;
        try {
            stdout = new ProcessPipe(NamedPipeAccess.INBOUND);
            error = stderr.handler() == null ? null : new ProcessPipe(NamedPipeAccess.INBOUND);
        } catch (IOException e) {
            close(stdin, stdout);
            throw e;
        }
        ProcessPipe childOutput = stdout;
        ProcessStart.inBackground(
                address,
                stderr,
                builder -> redirect(builder, stdin, childOutput, error),
                termination,
                failure -> startEnded(stderr, stdin, childOutput, error, failure));
    }

    private void startEnded(
            ProcessStderr stderr, ProcessPipe stdin, ProcessPipe stdout, ProcessPipe error, Throwable failure) {
        try {
            eventLoop().execute(() -> started(stderr, stdin, stdout, error, failure));
        } catch (RejectedExecutionException e) {
            close(stdin, stdout, error);
            termination.abandon(config.exitTimeoutMillis(), failure);
        }
    }

    private static void redirect(ProcessBuilder builder, ProcessPipe stdin, ProcessPipe stdout, ProcessPipe error) {
        builder.redirectInput(Redirect.from(stdin.file())).redirectOutput(Redirect.to(stdout.file()));
        if (error != null) {
            builder.redirectError(Redirect.to(error.file()));
        }
    }

    private static void close(ProcessPipe... pipes) {
        for (ProcessPipe pipe : pipes) {
            if (pipe != null) {
                pipe.close();
            }
        }
    }

    private void started(
            ProcessStderr stderr, ProcessPipe stdin, ProcessPipe stdout, ProcessPipe error, Throwable failure) {
        ChannelPromise promise = connectPromise;
        connectPromise = null;
        if (failure != null || !open) {
            close(stdin, stdout, error);
            termination.abandon(config.exitTimeoutMillis(), failure);
            promise.tryFailure(failure == null ? new ClosedChannelException() : failure);
            unsafe().close(voidPromise());
            return;
        }
        input = stdout.channel(this);
        output = stdin.channel(this);
        input.config()
                .setAllocator(config.getAllocator())
                .setRecvByteBufAllocator(config.getRecvByteBufAllocator())
                .setAutoRead(false);
        input.pipeline().addLast(new Output());
        output.closeFuture().addListener(closed -> outputEnded());
        active = true;
        eventLoop().register(input).addListener(this::registered);
        eventLoop().register(output).addListener(this::registered);
        if (error != null) {
            WindowsNamedPipeChannel errorChannel = error.channel(this);
            errorChannel.pipeline().addLast(stderr.handler());
            eventLoop().register(errorChannel).addListener(this::registered);
        }
        boolean notCancelled = promise.trySuccess();
        // Also for a cancelled attempt: what happened is what happened.
        pipeline().fireChannelActive();
        if (!notCancelled) {
            unsafe().close(voidPromise());
        } else if (readBeforeConnect) {
            doBeginRead();
        }
    }

    private void registered(Future<? super Void> registration) {
        if (!registration.isSuccess()) {
            pipeline().fireExceptionCaught(registration.cause());
            unsafe().close(voidPromise());
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

    void stopReading() {
        WindowsNamedPipeChannel input = this.input;
        if (input != null) {
            input.config().setAutoRead(false);
        }
    }

    private void inputEnded() {
        if (inputShutdown || !open) {
            return;
        }
        if (config.isAllowHalfClosure() && !outputShutdown) {
            inputShutdown = true;
            pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        } else {
            unsafe().close(voidPromise());
        }
    }

    // ---- writing

    @Override
    protected Object filterOutboundMessage(Object msg) {
        if (msg instanceof ByteBuf || msg instanceof FileRegion) {
            return msg;
        }
        throw new UnsupportedOperationException(
                "unsupported message type: " + StringUtil.simpleClassName(msg) + " (expected: ByteBuf, FileRegion)");
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        int[] index = {0};
        int before = handedOver;
        in.forEachFlushedMessage(msg -> {
            if (index[0]++ >= handedOver) {
                if (handedOver == MAX_HANDED_OVER) {
                    return false;
                }
                handedOver++;
                Object shared = msg instanceof ByteBuf buf ? buf.retainedDuplicate() : ((FileRegion) msg).retain();
                output.write(shared).addListener(this::written);
            }
            return true;
        });
        if (handedOver != before) {
            output.flush();
        }
    }

    /** The pipe's channel is done with the first message that it has. */
    private void written(Future<? super Void> write) {
        handedOver--;
        ChannelOutboundBuffer in = unsafe().outboundBuffer();
        // Null once the channel or its output is closed: the messages have been failed then.
        if (in == null) {
            return;
        }
        if (write.isSuccess()) {
            in.remove();
        } else {
            in.remove(write.cause());
            outputEnded();
        }
        if (!in.isEmpty() && handedOver < MAX_HANDED_OVER / 2) {
            ((ProcessUnsafe) unsafe()).flush0();
        }
    }

    /** The child doesn't read any more. */
    private void outputEnded() {
        if (outputShutdown || !open) {
            return;
        }
        if (inputShutdown) {
            unsafe().close(voidPromise());
        } else {
            // Not from within the failure of a write.
            eventLoop().execute(() -> ((ProcessUnsafe) unsafe()).shutdownOutput(voidPromise()));
        }
    }

    @Override
    protected void doShutdownOutput() {
        outputShutdown = true;
        output.close();
        if (inputShutdown && open) {
            eventLoop().execute(() -> unsafe().close(voidPromise()));
        }
    }

    // ---- closing

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doClose() {
        open = false;
        active = false;
        inputShutdown = true;
        outputShutdown = true;
        if (input != null) {
            input.close();
            output.close();
        }
        if (connectPromise != null) {
            connectPromise.tryFailure(new ClosedChannelException());
        } else {
            termination.abandon(config.exitTimeoutMillis(), new ClosedChannelException());
        }
    }

    @Override
    public boolean isInputShutdown() {
        return inputShutdown;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown;
    }

    @Override
    public boolean isShutdown() {
        return inputShutdown && outputShutdown;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        if (!eventLoop().inEventLoop()) {
            eventLoop().execute(() -> shutdownInput(promise));
        } else if (checkActive(promise)) {
            inputShutdown = true;
            input.close();
            promise.setSuccess();
            if (outputShutdown) {
                unsafe().close(voidPromise());
            }
        }
        return promise;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        if (!eventLoop().inEventLoop()) {
            eventLoop().execute(() -> shutdownOutput(promise));
        } else if (checkActive(promise)) {
            if (outputShutdown) {
                promise.setSuccess();
            } else {
                ((ProcessUnsafe) unsafe()).shutdownOutput(promise);
            }
        }
        return promise;
    }

    private boolean checkActive(ChannelPromise promise) {
        if (!open) {
            promise.setFailure(new ClosedChannelException());
        } else if (!active) {
            promise.setFailure(new NotYetConnectedException());
        }
        return active;
    }

    /** Closes the channel: nothing is left of it with both directions shut down. */
    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    /** Closes the channel: nothing is left of it with both directions shut down. */
    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        return close(promise);
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
            inputEnded();
        }
    }

    private final class ProcessUnsafe extends AbstractUnsafe {

        @Override
        public void connect(SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise) {
            if (promise.isDone() || !ensureOpen(promise)) {
                return;
            }
            try {
                if (connectPromise != null) {
                    throw new ConnectionPendingException();
                }
                if (active) {
                    throw new AlreadyConnectedException();
                }
                ProcessAddress address = ProcessStart.require(remoteAddress);
                start(address);
                connectPromise = promise;
                remote = address;
                promise.addListener(future -> {
                    if (future.isCancelled()) {
                        close(voidPromise());
                    }
                });
            } catch (Throwable t) {
                promise.tryFailure(t);
                closeIfClosed();
            }
        }

        @Override
        protected void flush0() {
            // What is handed over already goes on by itself.
            if (handedOver < MAX_HANDED_OVER) {
                super.flush0();
            }
        }
    }
}
