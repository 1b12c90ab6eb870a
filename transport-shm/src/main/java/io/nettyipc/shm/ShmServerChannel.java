/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.ServerChannel;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.ServerDomainSocketChannel;
import io.nettyipc.base.channel.AbstractIpcServerChannel;
import io.nettyipc.base.channel.NoDescriptor;
import io.nettyipc.base.loop.EventLoops;
import io.nettyipc.pipe.NamedPipeSocketFile;
import io.nettyipc.shm.control.ControlTransport;
import io.nettyipc.shm.control.KeptMemory;
import java.net.SocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Accepts shared-memory connections. Its event loop has to be one of {@link Shm#newIoHandlerFactory()}, and so have the
 * loops of its children, over the same transport: not NIO for one and epoll for the others.
 *
 * <p>A child is registered when its control connection comes, and becomes active when the handshake is done; if that
 * fails its pipeline is told by {@code exceptionCaught} and it closes.
 */
@SuppressWarnings("exports") // Users see the methods of the superclass, and need not name it.
public final class ShmServerChannel extends AbstractIpcServerChannel implements ServerDomainSocketChannel {

    private final ShmServerChannelConfig config = new ShmServerChannelConfig(this);
    private final MemoryBudget memory = new MemoryBudget(config);
    private final HandshakeLimit handshakes = new HandshakeLimit(config::getMaxHandshakes, this::acceptLater);
    private final AtomicLong handshakesSucceeded = new AtomicLong();
    private final AtomicLong handshakesFailed = new AtomicLong();
    private IoRegistration registration;
    private ServerChannel control;
    private volatile ShmAddress address;

    /** For {@link io.netty.bootstrap.ServerBootstrap#channel}. */
    public ShmServerChannel() {
        // Next to the transport: whatever the application adds comes before it on the way out.
        pipeline().addFirst(new ControlHandler());
    }

    @Override
    public ShmServerChannelConfig config() {
        return config;
    }

    @Override
    public ShmAddress localAddress() {
        return (ShmAddress) super.localAddress();
    }

    /** Returns {@code null}, as every server channel does. */
    @Override
    public ShmAddress remoteAddress() {
        return null;
    }

    /**
     * Returns a descriptor that isn't open, whose number no file has: the one of the control socket is the transport's
     * own, and Windows has none.
     */
    @Override
    public FileDescriptor fd() {
        return NoDescriptor.INSTANCE;
    }

    @Override
    protected SocketAddress localAddress0() {
        return address;
    }

    MemoryBudget memory() {
        return memory;
    }

    /** Returns what the server has counted until now. May be called from any thread, and after the server is closed. */
    public ShmServerMetrics metrics() {
        return new ShmServerMetrics(
                handshakesSucceeded.get(), handshakesFailed.get(), handshakes.count(), memory.used());
    }

    /** A handshake has ended, on its channel's event loop. */
    void handshakeEnded(boolean connected) {
        (connected ? handshakesSucceeded : handshakesFailed).incrementAndGet();
    }

    @Override
    protected IpcServerUnsafe newUnsafe() {
        return new ServerUnsafe();
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        EventLoops.register(this, (ServerUnsafe) unsafe(), Shm.IO_HANDLER_FACTORY)
                .addListener(future -> {
                    if (future.isSuccess()) {
                        registration = (IoRegistration) future.getNow();
                        promise.setSuccess();
                    } else {
                        promise.setFailure(future.cause());
                    }
                });
    }

    @Override
    protected void doDeregister() {
        if (registration != null) {
            registration.cancel();
            registration = null;
        }
    }

    /** Comes here when the control channel is bound. */
    @Override
    protected void doBind(SocketAddress localAddress) {
        address = (ShmAddress) localAddress;
        activate();
    }

    @Override
    protected void doBeginRead() {
        super.doBeginRead();
        accept();
    }

    private void accept() {
        if (!isReadPending() || control == null || !isOpen()) {
            return;
        }
        HandshakeLimit.Waiting waiting = handshakes.nextWaiting();
        if (waiting != null) {
            begin(waiting.accepted(), waiting.place());
            pipeline().fireChannelReadComplete();
        } else if (handshakes.hasRoom()) {
            control.read();
        }
    }

    private void begin(Channel accepted, HandshakeLimit.Place place) {
        accepted(new ShmChannel(this, accepted, place));
    }

    private void acceptLater() {
        try {
            eventLoop().execute(this::accept);
        } catch (RejectedExecutionException e) {
            // The server's loop has ended, and the server with it.
        }
    }

    @Override
    protected void doClose() throws Exception {
        super.doClose();
        if (control != null) {
            control.close();
        }
        for (Channel waiting; (waiting = handshakes.giveUpWaiting()) != null; ) {
            waiting.unsafe().closeForcibly();
        }
    }

    private final class ServerUnsafe extends IpcServerUnsafe implements ShmIoHandle {

        @Override
        public boolean isRing() {
            return false;
        }

        @Override
        public boolean poll() {
            return false;
        }

        @Override
        public boolean sleep() {
            return true;
        }
    }

    /** Binds and closes the control channel before this one, which has to wait for it. */
    private final class ControlHandler extends ChannelOutboundHandlerAdapter {

        @Override
        public void bind(ChannelHandlerContext ctx, SocketAddress localAddress, ChannelPromise promise) {
            if (control != null) {
                promise.setFailure(new IllegalStateException("bound already, or about to be"));
                return;
            }
            ShmAddress shm;
            try {
                shm = ShmAddress.require(localAddress);
            } catch (IllegalArgumentException e) {
                promise.setFailure(e);
                return;
            }
            if (registration == null) {
                promise.setFailure(new IllegalStateException("not registered"));
                return;
            }
            RingRegistration ring = registration.attachment();
            ControlTransport transport = ring.handler().control((IoEventLoop) eventLoop());
            ServerChannel channel = transport.newServerChannel();
            control = channel;
            config.applyTo(channel.config());
            channel.attr(NamedPipeSocketFile.PERMISSIONS)
                    .set(attr(NamedPipeSocketFile.PERMISSIONS).get());
            channel.attr(NamedPipeSocketFile.GROUP)
                    .set(attr(NamedPipeSocketFile.GROUP).get());
            // One at a time, each after a look at the limit.
            channel.config().setRecvByteBufAllocator(new ServerChannelRecvByteBufAllocator().maxMessagesPerRead(1));
            channel.config().setAutoRead(false);
            channel.pipeline().addLast(new Accepted(transport));
            eventLoop().register(channel).addListener(registered -> {
                if (!registered.isSuccess()) {
                    control = null;
                    promise.tryFailure(registered.cause());
                    return;
                }
                channel.bind(shm.control()).addListener(bound -> {
                    if (!bound.isSuccess()) {
                        control = null;
                        channel.close();
                        promise.tryFailure(bound.cause());
                    } else if (promise.isDone() || !isOpen()) {
                        channel.close();
                    } else {
                        ctx.bind(shm, promise);
                        accept();
                    }
                });
            });
        }

        @Override
        public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
            if (control == null || !control.isOpen()) {
                ctx.close(promise);
            } else if (promise.setUncancellable()) {
                // The name is free when the promise is done.
                control.close().addListener(closed -> ctx.close(promise));
            }
        }
    }

    /** Makes children of control connections. */
    private final class Accepted extends ChannelInboundHandlerAdapter {

        private final ControlTransport transport;

        Accepted(ControlTransport transport) {
            this.transport = transport;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            Channel accepted = (Channel) msg;
            int user = transport.otherUserOf(accepted);
            HandshakeLimit.Place place = handshakes.begin(user);
            if (place != null) {
                begin(accepted, place);
            } else if (!isOpen() || !handshakes.await(user, accepted)) {
                String reason =
                        "the server has too many handshakes of this client's user under way (SHM_MAX_HANDSHAKES)";
                handshakeEnded(false);
                ChannelEvents.refused(ShmServerChannel.this, reason);
                transport.refuse(accepted, reason);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            pipeline().fireChannelReadComplete();
            // Whoever asked for a connection still waits for one if this one has to wait or was refused.
            accept();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // Most probably there is no descriptor left for a connection: the next accept finds those that were kept.
            KeptMemory.closeAll();
            pipeline().fireExceptionCaught(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (isOpen() && isActive()) {
                unsafe().close(voidPromise());
            }
        }
    }
}
