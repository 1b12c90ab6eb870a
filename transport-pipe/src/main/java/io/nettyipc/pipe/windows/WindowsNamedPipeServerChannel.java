/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.ServerDomainSocketChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.base.channel.AbstractIpcServerChannel;
import io.nettyipc.base.channel.NoDescriptor;
import io.nettyipc.base.loop.CompletionPortIoHandle;
import io.nettyipc.base.loop.CompletionPortIoHandler;
import io.nettyipc.base.loop.CompletionPortRegistration;
import io.nettyipc.base.loop.EventLoops;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.pipe.NamedPipeAccess;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.NamedPipeMode;
import io.nettyipc.pipe.NamedPipeServerChannelConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A server of a Windows named pipe. Its accepted channels are {@link WindowsNamedPipeChannel}s and may be registered on
 * any event loop of the same kind.
 */
@SuppressWarnings("this-escape") // The configuration only keeps its channel.
public class WindowsNamedPipeServerChannel extends AbstractIpcServerChannel implements ServerDomainSocketChannel {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(WindowsNamedPipeServerChannel.class);

    /** The times between tries while Windows refuses a further instance. Nobody tells when it has room again. */
    private static final long FIRST_RETRY_MILLIS = 20;

    private static final long LAST_RETRY_MILLIS = 1000;

    private final WindowsNamedPipeServerChannelConfig config = new WindowsNamedPipeServerChannelConfig(this);
    private final Runnable acceptTask = this::accept;
    private IoRegistration registration;
    private PipeListener listener;
    private NamedPipeMode type;
    private NamedPipeAccess access;
    private boolean acceptScheduled;
    /** The one timer while instances are missing; null without. */
    private Future<?> retry;

    private long retryMillis = FIRST_RETRY_MILLIS;
    /** Accepted channels that are open; counted where the pipe has a limit. */
    private int children;

    private volatile NamedPipeAddress local;

    /** For {@link io.netty.bootstrap.ServerBootstrap#channel}. */
    public WindowsNamedPipeServerChannel() {}

    @Override
    public NamedPipeServerChannelConfig config() {
        return config;
    }

    @Override
    public NamedPipeAddress localAddress() {
        return (NamedPipeAddress) super.localAddress();
    }

    /** Returns {@code null}, as every server channel does. */
    @Override
    public NamedPipeAddress remoteAddress() {
        return null;
    }

    @Override
    public FileDescriptor fd() {
        return NoDescriptor.INSTANCE;
    }

    @Override
    protected SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected IpcServerUnsafe newUnsafe() {
        return new ServerUnsafe();
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        EventLoops.register(this, (ServerUnsafe) unsafe(), WindowsNamedPipe.IO_HANDLER_FACTORY)
                .addListener(f -> {
                    if (!f.isSuccess()) {
                        promise.setFailure(f.cause());
                        return;
                    }
                    IoRegistration registration = (IoRegistration) f.getNow();
                    try {
                        listenAgain(registration);
                    } catch (Throwable e) {
                        registration.cancel();
                        promise.setFailure(e);
                        return;
                    }
                    this.registration = registration;
                    promise.setSuccess();
                });
    }

    /**
     * A channel that was bound before it was deregistered hears of its clients again, also of those who came meanwhile.
     */
    private void listenAgain(IoRegistration registration) throws IOException {
        if (listener != null) {
            if (!listener.belongsTo(registration.attachment())) {
                throw new IOException(local + ": a bound pipe stays with the event loop it was bound on");
            }
            listen(registration);
            scheduleAccept();
        }
    }

    @Override
    protected void doDeregister() {
        IoRegistration registration = this.registration;
        if (registration != null) {
            this.registration = null;
            registration.cancel();
        }
    }

    @Override
    protected void doBind(SocketAddress localAddress) throws Exception {
        if (listener != null) {
            throw new IOException("this channel is bound to " + local + " already; another name needs another channel");
        }
        NamedPipeAddress address = PipeAddresses.require(localAddress);
        type = config.getType();
        access = config.getAccess();
        try {
            listener = new PipeListener(registration.attachment(), address, config, listen(registration));
        } catch (BindException e) {
            throw e;
        } catch (IOException e) {
            throw (BindException) new BindException(address.path() + ": " + e.getMessage()).initCause(e);
        }
        local = address;
        activate();
    }

    /** Returns the event by which the loop's instances tell that they have a client. */
    private long listen(IoRegistration registration) throws IOException {
        CompletionPortIoHandler handler = registration.attachment();
        return handler.listeningServers().add(((ServerUnsafe) unsafe()).inner);
    }

    @Override
    protected void doClose() throws Exception {
        super.doClose();
        PipeListener listener = this.listener;
        if (listener != null) {
            this.listener = null;
            listener.close();
        }
        cancelRetry();
    }

    @Override
    protected void doBeginRead() {
        super.doBeginRead();
        if (listener != null && (listener.hasConnected() || listener.isShort())) {
            scheduleAccept();
        }
    }

    private void scheduleAccept() {
        if (!acceptScheduled) {
            acceptScheduled = true;
            eventLoop().execute(acceptTask);
        }
    }

    private void accept() {
        acceptScheduled = false;
        if (listener == null || registration == null) {
            return;
        }
        Throwable failure = null;
        try {
            listener.poll();
        } catch (IOException e) {
            failure = e;
        }
        if (isReadPending() && listener.hasConnected()) {
            failure = acceptConnected(failure);
        }
        if (failure != null) {
            pipeline().fireExceptionCaught(failure);
        }
        if (listener == null) {
            return;
        }
        if (isReadPending() && listener.hasConnected()) {
            scheduleAccept();
        } else if (!listener.isShort()) {
            retryMillis = FIRST_RETRY_MILLIS;
        } else if (!listener.isFull(children)) {
            retryLater(failure != null);
        }
    }

    /**
     * Looks again later whether Windows has room. A failure was told to the pipeline, which needn't hear it too often.
     */
    private void retryLater(boolean failed) {
        if (retry == null) {
            retry = eventLoop()
                    .schedule(
                            () -> {
                                retry = null;
                                accept();
                            },
                            failed ? LAST_RETRY_MILLIS : retryMillis,
                            TimeUnit.MILLISECONDS);
            retryMillis = Math.min(2 * retryMillis, LAST_RETRY_MILLIS);
        }
    }

    private void cancelRetry() {
        if (retry != null) {
            retry.cancel(false);
            retry = null;
        }
    }

    @SuppressWarnings("deprecation") // RecvByteBufAllocator.Handle is what unsafe() gives
    private Throwable acceptConnected(Throwable previous) {
        Throwable failure = previous;
        ChannelPipeline pipeline = pipeline();
        RecvByteBufAllocator.Handle allocHandle = unsafe().recvBufAllocHandle();
        allocHandle.reset(config);
        try {
            do {
                long handle = listener.take();
                if (handle == Kernel32.INVALID_HANDLE_VALUE) {
                    break;
                }
                allocHandle.incMessagesRead(1);
                accepted(newChild(handle));
            } while (listener != null && allocHandle.continueReading());
        } catch (Throwable t) {
            failure = t;
        }
        allocHandle.readComplete();
        pipeline.fireChannelReadComplete();
        return failure;
    }

    private Channel newChild(long handle) {
        WindowsNamedPipeChannel child = new WindowsNamedPipeChannel(this, handle, local, access, type);
        if (listener.isLimited()) {
            children++;
            child.closeFuture().addListener(f -> childClosed());
        }
        return child;
    }

    /**
     * At the limit the end of a connection is what makes room for the next. Windows has the room when the client's
     * handle is closed too, and when the thread of an {@link OutputEnd} has let go of ours: if not at once, then at a
     * retry.
     */
    private void childClosed() {
        if (isOpen()) {
            try {
                eventLoop().execute(() -> {
                    children--;
                    cancelRetry();
                    retryMillis = FIRST_RETRY_MILLIS;
                    accept();
                });
            } catch (RejectedExecutionException e) {
                // The server's loop has just ended, and the server with it.
                logger.debug("{}: no further instance", local, e);
            }
        }
    }

    /** The instances, for tests. */
    PipeListener listener() {
        return listener;
    }

    private final class ServerUnsafe extends IpcServerUnsafe implements CompletionPortIoHandle {

        /** The registration as the handler knows it; the event loop gives us a wrapper. */
        private CompletionPortRegistration inner;

        @Override
        public void registered(CompletionPortRegistration registration) {
            inner = registration;
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            accept();
        }
    }
}
