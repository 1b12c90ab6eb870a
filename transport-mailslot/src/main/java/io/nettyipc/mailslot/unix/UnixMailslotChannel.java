/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.mailslot.unix;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelPromise;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.concurrent.ScheduledFuture;
import io.nettyipc.base.channel.ConnectAttempt;
import io.nettyipc.base.channel.MessageSocketChannel;
import io.nettyipc.base.channel.OptionTable;
import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.LibC;
import io.nettyipc.base.os.RuntimeDirectory;
import io.nettyipc.base.os.SocketFile;
import io.nettyipc.base.os.UnixSocket;
import io.nettyipc.base.socket.SocketFileHandler;
import io.nettyipc.mailslot.MailslotAddress;
import io.nettyipc.mailslot.MailslotChannel;
import io.nettyipc.mailslot.MailslotInfo;
import io.nettyipc.mailslot.MailslotReadTimeout;
import io.nettyipc.mailslot.config.DefaultMailslotChannelConfig;
import io.nettyipc.pipe.MessageTooLongException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** One end of a mailslot over datagram domain sockets: a reader if it is bound, a writer if it is connected. */
public final class UnixMailslotChannel extends MessageSocketChannel implements MailslotChannel {

    private static final OptionTable<DefaultMailslotChannelConfig> OPTIONS =
            DefaultMailslotChannelConfig.options(MessageSocketChannel.OPTIONS);

    private final DefaultMailslotChannelConfig config = new DefaultMailslotChannelConfig(this, OPTIONS);
    private final SocketFileHandler rules = new SocketFileHandler(MailslotFiles.INSTANCE);

    private volatile MailslotAddress local;
    private volatile MailslotAddress remote;
    private SocketFile file;
    private int maxReadLength = Integer.MAX_VALUE;
    private long readTimeoutNanos;
    private long lastReadNanos;
    private ScheduledFuture<?> timeout;

    /** For {@link io.netty.bootstrap.Bootstrap#channel}. */
    public UnixMailslotChannel() {
        super(null);
        pipeline().addFirst(rules);
    }

    @Override
    public DefaultMailslotChannelConfig config() {
        return config;
    }

    @Override
    public MailslotAddress localAddress() {
        return local;
    }

    @Override
    public MailslotAddress remoteAddress() {
        return remote;
    }

    @Override
    protected SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return remote;
    }

    private static MailslotAddress require(SocketAddress address) {
        if (address instanceof MailslotAddress mailslot) {
            return mailslot;
        }
        throw new IllegalArgumentException("not a mailslot but " + address + ": use MailslotAddress.of(\"news\")");
    }

    // ---- reader

    @Override
    protected void doBind(SocketAddress localAddress) throws Exception {
        checkNotConnected();
        MailslotAddress address = require(localAddress);
        if (address.isBroadcast()) {
            throw new IllegalArgumentException("the mailslots of other machines can't be read: bind to "
                    + MailslotAddress.of(address.name()) + " instead of a broadcast address");
        }
        Descriptor socket = openSocket(UnixSocket.DATAGRAM);
        try {
            UnixSocket.bind(socket, address.path());
            file = SocketFile.readIfExists(Path.of(address.path()));
            int maxMessageSize = config().getMaxMessageSize();
            maxReadLength = maxMessageSize == 0 ? Integer.MAX_VALUE : maxMessageSize;
            local = address;
            activate(socket, null);
        } catch (Throwable t) {
            local = null;
            socket.close();
            SocketFile.deleteIfSame(address.path(), file);
            throw t;
        }
        int timeoutMillis = config().getReadTimeoutMillis();
        if (timeoutMillis > 0) {
            readTimeoutNanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            lastReadNanos = System.nanoTime();
            checkReadTimeoutIn(readTimeoutNanos);
        }
    }

    private void checkReadTimeoutIn(long nanos) {
        timeout = eventLoop().schedule(this::checkReadTimeout, nanos, TimeUnit.NANOSECONDS);
    }

    private void checkReadTimeout() {
        if (!isOpen()) {
            return;
        }
        long left = readTimeoutNanos - (System.nanoTime() - lastReadNanos);
        if (!isReadPending()) {
            left = readTimeoutNanos;
        } else if (left <= 0) {
            left = readTimeoutNanos;
            lastReadNanos = System.nanoTime();
            pipeline().fireUserEventTriggered(MailslotReadTimeout.INSTANCE);
        }
        if (isOpen() && isRegistered()) {
            checkReadTimeoutIn(left);
        }
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        super.doRegister(promise);
        if (isActive() && readTimeoutNanos != 0) {
            checkReadTimeoutIn(readTimeoutNanos);
        }
    }

    @Override
    protected void doDeregister() {
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
        super.doDeregister();
    }

    @Override
    protected int maxMessageLength() {
        return maxReadLength;
    }

    @Override
    public Object read(RecvByteBufAllocator.ExtendedHandle allocHandle, ByteBufAllocator allocator) throws IOException {
        Object message = super.read(allocHandle, allocator);
        if (message != null && readTimeoutNanos != 0) {
            lastReadNanos = System.nanoTime();
        }
        return message;
    }

    /** A mailslot doesn't end with its writers. */
    @Override
    protected IOException messageTooLong(String message, long limit) {
        return new MessageTooLongException(message, limit);
    }

    @Override
    protected boolean isEnd() {
        return false;
    }

    @Override
    public MailslotInfo info() {
        MailslotInfo info = withOpenSocket(() -> {
            Descriptor socket = input();
            if (local == null || socket == null) {
                throw new NotYetConnectedException();
            }
            int next = UnixSocket.nextLength(socket);
            if (next < 0 && next != -LibC.EAGAIN) {
                throw new ChannelException(this + ": " + LibC.describe(-next));
            }
            return new MailslotInfo(
                    maxReadLength == Integer.MAX_VALUE ? 0 : maxReadLength,
                    next >= 0 ? next : -1,
                    next >= 0 ? 1 : 0,
                    readTimeoutNanos == 0 ? -1 : (int) TimeUnit.NANOSECONDS.toMillis(readTimeoutNanos));
        });
        if (info == null) {
            throw new ChannelException(this + ": the channel is closed", new ClosedChannelException());
        }
        return info;
    }

    // ---- writer

    @Override
    protected void doConnect(SocketAddress remoteAddress, ConnectAttempt attempt) throws IOException {
        MailslotAddress address = require(remoteAddress);
        Descriptor socket = openSocket(UnixSocket.DATAGRAM);
        try {
            Path path = RuntimeDirectory.current().find(Path.of(address.path()));
            // Whoever owns the directory could have put its own socket there.
            RuntimeDirectory.containing(path).check();
            UnixSocket.connect(socket, path.toString());
            remote = address;
            activate(null, socket);
        } catch (IOException e) {
            socket.close();
            attempt.fail(failure(address, e));
            return;
        } catch (Throwable t) {
            socket.close();
            attempt.fail(t);
            return;
        }
        attempt.succeed();
    }

    private static ConnectException failure(MailslotAddress address, IOException e) {
        String finding = e instanceof NoSuchFileException || e instanceof FileNotFoundException
                ? "there is no such mailslot"
                : e instanceof ConnectException
                        ? "nobody reads it: the reader that made it has ended without removing it"
                        : RuntimeDirectory.reason(e);
        ConnectException failure =
                new ConnectException("cannot write to " + MailslotFiles.INSTANCE.describe(address) + ": " + finding);
        failure.initCause(e);
        return failure;
    }

    @Override
    protected Object filterOutboundMessage(Object msg) throws Exception {
        int limit = config().getMaxMessageSize();
        if (limit != 0 && msg instanceof ByteBuf message && message.readableBytes() > limit) {
            throw new MessageTooLongException(
                    this + ": the message has " + message.readableBytes() + " bytes, and MAILSLOT_MAX_MESSAGE_SIZE is "
                            + limit,
                    limit);
        }
        return super.filterOutboundMessage(msg);
    }

    // ---- closing

    @Override
    protected void doClose() throws Exception {
        super.doClose();
        if (local != null) {
            SocketFile.deleteIfSame(local.path(), file);
        }
    }

    @Override
    protected void loopEnds() {
        rules.closeNow();
        super.loopEnds();
    }
}
