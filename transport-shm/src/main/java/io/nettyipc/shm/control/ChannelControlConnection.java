/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.nettyipc.base.channel.PeerSid;
import io.nettyipc.base.channel.SharedMemoryRefusal;
import io.nettyipc.base.os.Tokens;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipePeer;
import io.nettyipc.shm.ring.RingPair;
import java.io.IOException;
import java.nio.file.Path;

/** A control connection over any channel of bytes: a Windows pipe, or a Unix socket of NIO or kqueue. */
final class ChannelControlConnection extends ControlConnection {

    private final Channel channel;
    private Listener listener;
    /** Once this is a doorbell. */
    private RingListener rings;

    private long ringsTaken;
    private boolean ended;
    /** A byte is on its way. */
    private boolean ringing;
    /** There was a reason to ring since then. */
    private boolean again;

    /** What failed first; the peer's end may be due to it. */
    private IOException cause;

    private final ChannelFutureListener sent = this::sent;
    private final ChannelFutureListener rung = this::rung;

    ChannelControlConnection(Channel channel) {
        this.channel = channel;
    }

    @Override
    void start(IoEventLoop loop, Listener listener) {
        this.listener = listener;
        if (channel.pipeline().get(SharedMemoryRefusal.class) != null) {
            channel.pipeline().remove(SharedMemoryRefusal.class);
        }
        channel.pipeline().addLast(new Events());
        // A peer that refuses at once and goes may be gone before this side's first message: what it said is read.
        channel.config().setAutoClose(false);
        if (!channel.isRegistered()) {
            EventLoop eventLoop = loop;
            eventLoop.register(channel).addListener(future -> {
                if (!future.isSuccess()) {
                    end(new IOException("the control connection cannot be registered", future.cause()));
                }
            });
        } else {
            channel.config().setAutoRead(true);
        }
    }

    @Override
    void becomeDoorbell(RingListener listener) {
        rings = listener;
    }

    private void end(IOException cause) {
        if (!ended) {
            ended = true;
            if (rings != null) {
                rings.ended(cause);
            } else {
                listener.ended(cause);
            }
        }
    }

    private void ringsCame(int count) {
        ringsTaken += count;
        IOException flood = floodOf(ringsTaken, rings.expectedRings());
        if (flood != null) {
            rings.failed(flood);
        } else {
            rings.rung();
        }
    }

    @Override
    Path directory() {
        return directoryOf(channel);
    }

    @Override
    boolean passesDescriptors() {
        return false;
    }

    @Override
    boolean hasEventFds() {
        return false;
    }

    @Override
    NamedPipePeer peer() {
        return NamedPipe.peer(channel);
    }

    @Override
    boolean tellsUserLate() {
        // Windows has a client's identity for a server that has read something of it.
        return channel instanceof PeerSid && channel.parent() != null;
    }

    @Override
    Future<PeerUser> user(NamedPipePeer peer) {
        if (!(channel instanceof PeerSid pipe)) {
            return unixUser(peer);
        }
        Promise<PeerUser> user = channel.eventLoop().newPromise();
        pipe.peerSid().addListener((Future<String> sid) -> {
            if (!sid.isSuccess()) {
                user.setFailure(sid.cause());
                return;
            }
            try {
                user.setSuccess(new PeerUser(sid.getNow(), sid.getNow().equals(Tokens.ownUserSid())));
            } catch (IOException e) {
                user.setFailure(e);
            }
        });
        return user;
    }

    @Override
    void send(ByteBuf message, int... descriptors) {
        channel.writeAndFlush(message).addListener(sent);
    }

    /** The end of the input follows where the peer has gone; elsewhere the handshake's time-out ends the connection. */
    private void sent(Future<?> future) {
        if (!future.isSuccess()) {
            failed(future.cause());
        }
    }

    private void failed(Throwable e) {
        if (cause == null) {
            cause = e instanceof IOException io ? io : new IOException(e);
        }
    }

    @Override
    void ring() {
        if (ringing) {
            // A completion port tells late: the peer may have taken the byte, looked, and gone to sleep since.
            again = true;
        } else {
            ringing = true;
            channel.writeAndFlush(channel.alloc().directBuffer(1).writeByte(0)).addListener(rung);
        }
    }

    private void rung(Future<?> future) {
        ringing = false;
        if (!future.isSuccess()) {
            // A peer that can't be woken is as good as gone. Most channels have closed themselves by now.
            channel.close();
        } else if (again) {
            again = false;
            if (!ended) {
                ring();
            }
        }
    }

    @Override
    public void close() {
        ended = true;
        if (channel.isRegistered()) {
            channel.close();
        } else {
            channel.unsafe().closeForcibly();
        }
    }

    @Override
    Doorbell newEventFdDoorbell(int ownEventFd, int peerEventFd, RingPair rings) {
        throw new UnsupportedOperationException();
    }

    @Override
    void checkEventFd(int descriptor) {
        throw new UnsupportedOperationException();
    }

    @Override
    int newEventFd() {
        throw new UnsupportedOperationException();
    }

    private final class Events extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf bytes = (ByteBuf) msg;
            try {
                if (!ended && rings != null) {
                    ringsCame(bytes.readableBytes());
                } else if (!ended) {
                    listener.received(bytes, NO_DESCRIPTORS);
                }
            } finally {
                bytes.release();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            end(cause);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable e) {
            failed(e);
            ctx.close();
        }
    }
}
