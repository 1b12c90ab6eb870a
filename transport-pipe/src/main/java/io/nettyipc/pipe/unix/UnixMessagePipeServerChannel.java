/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.netty.util.internal.ObjectUtil;
import io.nettyipc.base.channel.SocketOptions;
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
import java.util.Map;

/** Accepts connections over a domain socket that keeps boundaries. */
public final class UnixMessagePipeServerChannel extends AbstractServerChannel {
    private static final int MAX_ACCEPTS = 16;

    private final Config config = new Config();
    private final SocketFileHandler rules = new SocketFileHandler(SeqpacketTransport.INSTANCE);
    private final Runnable acceptTask = this::acceptNow;
    private final LoopEnd loopEnd = new LoopEnd(this::loopEnds);
    private Descriptor socket;
    private SocketFile file;
    private DescriptorWatch watch;
    private boolean readPending;
    private boolean acceptScheduled;
    private boolean clientsWait;

    private volatile SocketAddress local;
    private volatile boolean open = true;

    /** For {@link io.netty.bootstrap.ServerBootstrap#channel}. */
    public UnixMessagePipeServerChannel() {
        pipeline().addFirst(rules);
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open && local != null;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
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
        readPending = true;
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

    private void acceptNow() {
        acceptScheduled = false;
        if (!readPending || watch == null) {
            return;
        }
        Throwable failure = null;
        for (int i = 0; i < MAX_ACCEPTS && open; i++) {
            int accepted = UnixSocket.accept(socket);
            if (accepted == -LibC.EAGAIN) {
                clientsWait = false;
                break;
            }
            if (accepted < 0) {
                failure = new IOException(this + ": accept: " + LibC.describe(-accepted));
                break;
            }
            readPending = false;
            pipeline().fireChannelRead(new UnixMessagePipeChannel(this, new Descriptor(accepted, true)));
        }
        pipeline().fireChannelReadComplete();
        if (failure != null) {
            readPending = false;
            // ServerBootstrap stops accepting for a second.
            pipeline().fireExceptionCaught(failure);
        }
        if (config.isAutoRead() || readPending) {
            doBeginRead();
        }
    }

    @Override
    protected void doClose() throws IOException {
        open = false;
        doDeregister();
        if (socket != null) {
            socket.close();
            SocketFile.deleteIfSame(SocketAddresses.pathOf(local), file);
        }
    }

    private final class Config extends DefaultChannelConfig {
        private volatile int backlog = NetUtil.SOMAXCONN;

        Config() {
            super(UnixMessagePipeServerChannel.this);
        }

        @Override
        public Map<ChannelOption<?>, Object> getOptions() {
            return getOptions(super.getOptions(), ChannelOption.SO_BACKLOG);
        }

        @SuppressWarnings("unchecked")
        @Override
        public <T> T getOption(ChannelOption<T> option) {
            return option == ChannelOption.SO_BACKLOG ? (T) Integer.valueOf(backlog) : super.getOption(option);
        }

        @Override
        public <T> boolean setOption(ChannelOption<T> option, T value) {
            if (option != ChannelOption.SO_BACKLOG) {
                return super.setOption(option, value) || SocketOptions.isMeaningless(option);
            }
            validate(option, value);
            backlog = ObjectUtil.checkPositive((Integer) value, "backlog");
            return true;
        }

        @Override
        protected void autoReadCleared() {
            if (isRegistered() && !eventLoop().inEventLoop()) {
                eventLoop().execute(this::autoReadCleared);
            } else {
                readPending = false;
            }
        }
    }
}
