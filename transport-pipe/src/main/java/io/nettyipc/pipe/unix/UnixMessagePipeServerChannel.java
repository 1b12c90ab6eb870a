/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.util.NetUtil;
import io.netty.util.internal.ObjectUtil;
import io.nettyipc.base.channel.AbstractIpcChannelConfig;
import io.nettyipc.base.channel.AbstractIpcServerChannel;
import io.nettyipc.base.channel.OptionTable;
import io.nettyipc.base.loop.DescriptorWatch;
import io.nettyipc.base.loop.LoopEnd;
import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.LibC;
import io.nettyipc.base.os.SocketFile;
import io.nettyipc.base.os.UnixSocket;
import io.nettyipc.base.socket.SocketAddresses;
import io.nettyipc.base.socket.SocketFileHandler;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;

/** Accepts connections over a domain socket that keeps boundaries. */
public final class UnixMessagePipeServerChannel extends AbstractIpcServerChannel {
    private final Config config = new Config(this);
    private final SocketFileHandler rules = new SocketFileHandler(SeqpacketTransport.INSTANCE);
    private final Runnable acceptTask = this::acceptNow;
    private final LoopEnd loopEnd = new LoopEnd(this::loopEnds);
    private Descriptor socket;
    private SocketFile file;
    private DescriptorWatch watch;
    private boolean acceptScheduled;
    private boolean clientsWait;

    private volatile SocketAddress local;

    /** For {@link io.netty.bootstrap.ServerBootstrap#channel}. */
    public UnixMessagePipeServerChannel() {
        pipeline().addFirst(rules);
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    protected SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected void doBind(SocketAddress localAddress) throws Exception {
        String path = SocketAddresses.pathOf(localAddress);
        Descriptor server = UnixSocket.open(UnixSocket.SEQPACKET);
        try {
            UnixSocket.bind(server, path);
            file = SocketFile.readIfExists(Path.of(path));
            UnixSocket.listen(server, config.backlog);
            socket = server;
            startWatch();
        } catch (Throwable t) {
            socket = null;
            server.close();
            SocketFile.deleteIfSame(path, file);
            throw t;
        }
        local = localAddress;
        activate();
    }

    private void startWatch() throws IOException {
        watch = DescriptorWatch.start(eventLoop(), socket, true, false, new DescriptorWatch.Listener() {
            @Override
            public void ready(boolean input, boolean output, boolean gone) {
                clientsWait = true;
                acceptNow();
            }

            @Override
            public void failed(Throwable cause) {
                pipeline().fireExceptionCaught(cause);
                close();
            }

            @Override
            public void loopEnds() {
                UnixMessagePipeServerChannel.this.loopEnds();
            }
        });
    }

    private void loopEnds() {
        rules.closeNow();
        unsafe().close(voidPromise());
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        loopEnd.await(eventLoop());
        try {
            if (socket != null) {
                startWatch();
            }
            promise.setSuccess();
        } catch (IOException e) {
            rules.closeNow();
            promise.setFailure(e);
        }
    }

    @Override
    protected void doDeregister() {
        loopEnd.cancel();
        if (watch != null) {
            watch.cancel();
            watch = null;
        }
    }

    @Override
    protected void doBeginRead() {
        super.doBeginRead();
        if (watch == null) {
            return;
        }
        if (!clientsWait) {
            watch.awaitInput();
        } else if (!acceptScheduled) {
            acceptScheduled = true;
            eventLoop().execute(acceptTask);
        }
    }

    @SuppressWarnings("deprecation") // RecvByteBufAllocator.Handle is what unsafe() gives
    private void acceptNow() {
        acceptScheduled = false;
        if (!isReadPending() || watch == null) {
            return;
        }
        Throwable failure = null;
        RecvByteBufAllocator.Handle allocHandle = unsafe().recvBufAllocHandle();
        allocHandle.reset(config);
        do {
            int accepted = UnixSocket.accept(socket);
            if (accepted == -LibC.EAGAIN) {
                clientsWait = false;
                break;
            }
            if (accepted < 0) {
                failure = new IOException(this + ": accept: " + LibC.describe(-accepted));
                break;
            }
            allocHandle.incMessagesRead(1);
            accepted(new UnixMessagePipeChannel(this, new Descriptor(accepted, true)));
        } while (isOpen() && allocHandle.continueReading());
        allocHandle.readComplete();
        pipeline().fireChannelReadComplete();
        if (failure != null) {
            clearReadPending();
            // ServerBootstrap stops accepting for a second.
            pipeline().fireExceptionCaught(failure);
        }
        if (config.isAutoRead() || isReadPending()) {
            doBeginRead();
        }
    }

    @Override
    protected void doClose() throws Exception {
        super.doClose();
        doDeregister();
        if (socket != null) {
            socket.close();
            SocketFile.deleteIfSame(SocketAddresses.pathOf(local), file);
        }
    }

    private static final class Config extends AbstractIpcChannelConfig {
        private static final OptionTable<Config> OPTIONS = OptionTable.<Config>empty()
                .with(
                        ChannelOption.SO_BACKLOG,
                        config -> config.backlog,
                        (config, backlog) -> config.backlog = ObjectUtil.checkPositive(backlog, "backlog"));

        private volatile int backlog = NetUtil.SOMAXCONN;

        Config(UnixMessagePipeServerChannel channel) {
            super(channel, new ServerChannelRecvByteBufAllocator(), OPTIONS);
        }
    }
}
