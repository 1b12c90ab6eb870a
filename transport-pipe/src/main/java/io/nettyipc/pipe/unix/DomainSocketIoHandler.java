/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.nettyipc.base.socket.SocketFileHandler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One of Netty's handlers, which does all the work. Netty's domain socket channels are final classes that know nothing
 * of directories and stale sockets, so this one puts a handler with these rules into their pipelines, next to the
 * transport, when they register. Accepted channels get none.
 */
final class DomainSocketIoHandler implements IoHandler {
    private final UnixTransport transport;
    private final IoHandler handler;
    private final ThreadAwareExecutor executor;
    private final Runnable closeChannels = this::prepareToDestroy;
    /** A channel that moved to another loop is removed by that loop's thread. */
    private final Set<SocketFileHandler> servers = ConcurrentHashMap.newKeySet();

    DomainSocketIoHandler(UnixTransport transport, IoHandler handler, ThreadAwareExecutor executor) {
        this.transport = transport;
        this.handler = handler;
        this.executor = executor;
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        IoRegistration registration = handler.register(handle);
        if (!(handle instanceof Channel.Unsafe unsafe)) {
            return registration;
        }
        Channel channel = unsafe.voidPromise().channel();
        if (transport.serverChannelType().isInstance(channel)) {
            transport.closeInChildren(channel);
            addServerRules(channel);
        } else if (transport.channelType().isInstance(channel)) {
            if (channel.parent() != null) {
                return new AcceptedRegistration(registration, channel);
            }
            transport.closeInChildren(channel);
            if (!channel.isActive() && channel.pipeline().get(ConnectHandler.class) == null) {
                channel.pipeline().addFirst(new ConnectHandler(transport));
            }
        }
        return registration;
    }

    private void addServerRules(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        SocketFileHandler rules = pipeline.get(SocketFileHandler.class);
        if (rules == null && !channel.isActive()) {
            rules = new SocketFileHandler(transport);
            pipeline.addFirst(rules);
        }
        if (rules != null) {
            SocketFileHandler server = rules;
            servers.add(server);
            channel.closeFuture().addListener(future -> servers.remove(server));
        }
    }

    @Override
    public void prepareToDestroy() {
        // Netty closes the remaining channels without asking their pipelines.
        servers.forEach(SocketFileHandler::closeNow);
        handler.prepareToDestroy();
    }

    @Override
    public void initialize() {
        handler.initialize();
        if (executor instanceof SingleThreadEventExecutor loop) {
            // A loop that is shut down without a quiet period, between its I/O and its tasks, does not call
            // prepareToDestroy; but it does run these. It also comes here each time it resumes.
            loop.addShutdownHook(closeChannels);
        }
    }

    @Override
    public int run(IoHandlerContext context) {
        return handler.run(context);
    }

    @Override
    public void destroy() {
        // Nothing is left to close unless the loop ended in another way still.
        prepareToDestroy();
        handler.destroy();
    }

    @Override
    public void wakeup() {
        handler.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return handler.isCompatible(handleType);
    }
}
