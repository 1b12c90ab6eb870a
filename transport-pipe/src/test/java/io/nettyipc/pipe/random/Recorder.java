/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.nettyipc.pipe.NamedPipeMessagePart;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The only handler of an end: writes down what the channel does, and acts on events as the script has asked for. Its
 * fields are guarded by the run's lock, which everything that waits is told through.
 */
final class Recorder extends ChannelDuplexHandler {

    final End end;
    private final Object lock;
    private final Set<Trait> traits;
    private final Settings settings;
    private final ByteBufAllocator allocator;
    /** By message, until the channel has it. */
    private final IdentityHashMap<Object, Written> onTheirWay = new IdentityHashMap<>();

    /** In the order in which the channel got them. */
    final List<Written> writes = new ArrayList<>();

    final ByteArrayOutputStream received = new ByteArrayOutputStream();
    /** The lengths of whole messages. */
    final List<Integer> messages = new ArrayList<>();

    final List<Throwable> exceptions = new ArrayList<>();
    /** What no channel may do, whatever the script. */
    final List<String> violations = new ArrayList<>();

    int active;
    int inactive;
    boolean registered;
    boolean inputEnded;
    /** As it was told of. */
    boolean writable = true;

    // What the script has done to this end so far.
    boolean closed;
    /** By the run, when the script is over. */
    boolean closedAtEnd;

    boolean outputShutDown;
    boolean inputShutDown;
    boolean releasedEarly;

    private boolean removed;
    private Actions actions;
    private Recorder peer;
    private int refills;
    private int refillLength;
    private int answers;
    private int answerLength;
    private int messageLength;
    /** Of the write that succeeded last. */
    private int lastSuccess = -1;
    /** Reads as long as the script has turned that off, too. */
    private boolean draining;
    /** Somebody has asked for data with reading turned off. */
    private boolean readAsked;
    /** In this round. */
    private boolean hasRead;
    /** Reading was turned on or off by another thread: there is no saying what that meets. */
    private boolean readingUncertain;

    /** What a recorder asks of the run. */
    interface Actions {
        void writeAndFlush(Recorder recorder, int length);
    }

    Recorder(End end, Object lock, Set<Trait> traits, Settings settings, ByteBufAllocator allocator) {
        this.end = end;
        this.lock = lock;
        this.traits = traits;
        this.settings = settings;
        this.allocator = allocator;
    }

    void actions(Actions actions) {
        this.actions = actions;
    }

    void peer(Recorder peer) {
        this.peer = peer;
    }

    ByteBufAllocator allocator() {
        return allocator;
    }

    // ---- what the script asks for

    void willWrite(Written written) {
        if (!removed || written.outcome == Written.Outcome.PENDING) {
            onTheirWay.put(written.message, written);
        }
    }

    void refillWhenWritable(int times, int length) {
        refills = times;
        refillLength = length;
    }

    void answerReads(int times, int length) {
        answers = times;
        answerLength = length;
    }

    void autoRead(boolean on, boolean onLoop) {
        if (!onLoop) {
            readingUncertain = true;
        } else if (!on) {
            readAsked = false;
        }
    }

    /** From now on everything is read. */
    void drain() {
        draining = true;
    }

    void stopDraining() {
        draining = false;
    }

    // ---- what the run asks

    boolean isGone() {
        return inactive != 0;
    }

    /** Whether this end ended its output, on purpose or by a message that nobody can send. */
    boolean hasEndedOutput() {
        return closed || outputShutDown || releasedEarly;
    }

    boolean isPending() {
        return !onTheirWay.isEmpty() || writes.stream().anyMatch(write -> write.outcome == Written.Outcome.PENDING);
    }

    /** Of what the peer must get, if it reads. */
    long bytesSent() {
        long sent = 0;
        long perhaps = 0;
        for (Written write : writes) {
            if (write.outcome == Written.Outcome.SUCCESS) {
                sent += perhaps + write.length();
                perhaps = 0;
            } else if (write.outcome == Written.Outcome.UNKNOWN) {
                perhaps += write.length();
            }
        }
        return mayHaveLostWrites() ? sent : sent + perhaps;
    }

    /**
     * Whether what was written without a promise may have failed: this end ended its output, or could not but close
     * when the peer ended.
     */
    boolean mayHaveLostWrites() {
        return hasEndedOutput()
                || hasFailedWrite()
                || peer.closed
                || peer.releasedEarly
                || peer.hasFailedWrite()
                || (peer.outputShutDown && !settings.halfClosure());
    }

    /** Whether a write without a promise was sent for sure, since a later one was, or since nothing was in its way. */
    boolean wasSent(Written unknown) {
        return !mayHaveLostWrites()
                || writes.subList(writes.indexOf(unknown), writes.size()).stream()
                        .anyMatch(later -> later.outcome == Written.Outcome.SUCCESS);
    }

    /** Whether a write of this end failed, after which a channel may close itself with what is unread. */
    boolean hasFailedWrite() {
        return !exceptions.isEmpty() || writes.stream().anyMatch(write -> write.outcome == Written.Outcome.FAILED);
    }

    // ---- events

    /** After the channel's end, of which no void promise tells. */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        synchronized (lock) {
            removed = true;
            onTheirWay.values().removeIf(written -> written.outcome == Written.Outcome.UNKNOWN);
            lock.notifyAll();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        settings.apply(ctx.channel(), allocator);
    }

    @Override
    public void channelRegistered(ChannelHandlerContext ctx) {
        synchronized (lock) {
            registered = true;
            lock.notifyAll();
        }
    }

    @Override
    public void channelUnregistered(ChannelHandlerContext ctx) {
        synchronized (lock) {
            registered = false;
            lock.notifyAll();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        synchronized (lock) {
            active++;
            lock.notifyAll();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        synchronized (lock) {
            inactive++;
            lock.notifyAll();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        boolean answer;
        synchronized (lock) {
            hasRead = true;
            checkRead(ctx.channel());
            if (msg instanceof NamedPipeMessagePart part) {
                take(part.content(), part.isLast());
            } else {
                take((ByteBuf) msg, true);
            }
            answer = answers > 0;
            answers -= answer ? 1 : 0;
        }
        ReferenceCountUtil.release(msg);
        if (answer) {
            actions.writeAndFlush(this, answerLength);
        }
    }

    private void checkRead(Channel channel) {
        if (active == 0 || inactive != 0) {
            violations.add("channelRead while the channel is not active");
        }
        if (inputEnded) {
            violations.add("channelRead after the end of the input");
        }
        if (!channel.config().isAutoRead() && !readAsked && !readingUncertain && !peerEnded() && !ownEndCounts()) {
            violations.add("channelRead that nobody has asked for, with AUTO_READ off");
        }
    }

    /** Netty's epoll channels do so also when they shut their input down themselves: the kernel tells both alike. */
    private boolean ownEndCounts() {
        return inputShutDown && !traits.contains(Trait.READS_AFTER_END);
    }

    /** Netty's channels read what is there as soon as the peer ends its output, which it may do in answer to ours. */
    private boolean peerEnded() {
        return outputShutDown
                || releasedEarly
                || peer.hasEndedOutput()
                || peer.closedAtEnd
                || peer.inputShutDown
                || peer.isGone()
                || peer.hasFailedWrite();
    }

    private void take(ByteBuf bytes, boolean last) {
        messageLength += bytes.readableBytes();
        received.writeBytes(ByteBufUtil.getBytes(bytes));
        if (last) {
            messages.add(messageLength);
            messageLength = 0;
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        boolean again;
        synchronized (lock) {
            // A round that met nothing has used up nothing.
            again = hasRead && draining && !ctx.channel().config().isAutoRead();
            readAsked &= !hasRead;
            hasRead = false;
            lock.notifyAll();
        }
        if (again) {
            ctx.channel().read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        synchronized (lock) {
            if (event instanceof ChannelInputShutdownEvent) {
                if (inputEnded) {
                    violations.add("a second ChannelInputShutdownEvent");
                }
                inputEnded = true;
                lock.notifyAll();
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        synchronized (lock) {
            writable = ctx.channel().isWritable();
            lock.notifyAll();
        }
        while (refills > 0 && ctx.channel().isWritable()) {
            refills--;
            actions.writeAndFlush(this, refillLength);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        synchronized (lock) {
            exceptions.add(cause);
            lock.notifyAll();
        }
    }

    /** Also when reading is turned on. */
    @Override
    public void read(ChannelHandlerContext ctx) {
        boolean over;
        synchronized (lock) {
            readAsked = true;
            over = inputEnded || inputShutDown;
        }
        if (!over || traits.contains(Trait.READS_AFTER_END)) {
            ctx.read();
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        synchronized (lock) {
            Written written = onTheirWay.remove(msg);
            if (written != null) {
                writes.add(written);
            }
        }
        ctx.write(msg, promise);
    }

    /** A write's promise is done: if the channel has not got the write by now, it never will. */
    void ended(Written written) {
        onTheirWay.remove(written.message);
        Operation.Promise promise = written.operation.promise();
        // Of the others the listener may be told late, by another thread.
        boolean toldAtOnce = promise == Operation.Promise.GIVEN || promise == Operation.Promise.PROGRESSIVE;
        if (written.outcome == Written.Outcome.SUCCESS && toldAtOnce) {
            int index = writes.indexOf(written);
            if (index < lastSuccess) {
                violations.add(written + " after " + writes.get(lastSuccess));
            }
            lastSuccess = index;
        }
    }
}
