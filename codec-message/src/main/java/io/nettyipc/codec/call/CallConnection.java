/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderException;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.codec.lent.LentInput;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;

/**
 * What both ends of a connection do: find a frame's call, share the connection's windows, and end all calls with it.
 */
abstract class CallConnection extends ByteToMessageDecoder {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(CallConnection.class);

    static final CallStatus NO_WINDOWS = CallStatus.of(
            CallStatus.Code.UNAVAILABLE, "the peer has ended its output, and can't open the window for a message");

    private final CallLimits limits;
    private final FrameReader reader = new FrameReader(this);
    private final ReceiveWindow receiveWindow;
    private final ConnectionSendWindow sendWindow = new ConnectionSendWindow();
    private final CallWriters writers = new CallWriters();
    /** All that have not ended. */
    private final LongObjectHashMap<AbstractCall> calls = new LongObjectHashMap<>();
    /** How many of them have not ended at the peer either. */
    private int running;

    private volatile ChannelHandlerContext ctx;
    private FrameWriter writer;
    private CallLimits peerLimits;
    private long lastId;
    private boolean started;
    private boolean stopped;
    private boolean shuttingDown;
    private boolean inputOver;
    /** Why there are no calls any more. */
    private volatile CallStatus ended;

    CallConnection(CallLimits limits) {
        setCumulator(LentInput.CUMULATOR);
        this.limits = Objects.requireNonNull(limits, "limits");
        this.receiveWindow = new ReceiveWindow(limits.connectionWindow());
    }

    /** The peer takes messages: for the first time, or again. */
    void sendWindowOpened() {}

    /** A frame that only one side may get; returns whether it is this one. */
    boolean opened(long id, int flags, int method, int timeoutMillis, ByteBuf message) {
        return false;
    }

    /** See {@link #opened}. */
    boolean goneAway(long peersLastId) {
        return false;
    }

    /** Whether to leave frames unread now. */
    boolean isReadingSuspended() {
        return false;
    }

    /** Whether something keeps a connection open that is shut down. */
    boolean isIdle() {
        return calls.isEmpty();
    }

    final ChannelHandlerContext context() {
        ChannelHandlerContext context = ctx;
        if (context == null) {
            throw new IllegalStateException("add the handler to a channel's pipeline first");
        }
        return context;
    }

    final EventExecutor executor() {
        return context().executor();
    }

    final FrameWriter writer() {
        return writer;
    }

    final CallLimits limits() {
        return limits;
    }

    /** {@return what the peer accepts, {@code null} until that is known} */
    final CallLimits peerLimits() {
        return peerLimits;
    }

    /** {@return why the connection carries no calls any more, or {@code null} if it does} Any thread. */
    final CallStatus endedStatus() {
        return ended;
    }

    final boolean isShuttingDown() {
        return shuttingDown;
    }

    /** {@return whether the peer can't send anything more} */
    final boolean isInputOver() {
        return inputOver;
    }

    final boolean hasStarted() {
        return started;
    }

    // Calls

    final long lastId() {
        return lastId;
    }

    /** {@return how many calls run for the peer; a client's listeners may have messages of others to get} */
    final int runningCalls() {
        return running;
    }

    final void add(AbstractCall call, long id) {
        lastId = id;
        calls.put(id, call);
        running++;
    }

    /** Takes a number for a call that never runs. */
    final void numberSeen(long id) {
        lastId = id;
    }

    /** {@return the calls that have not ended, as they are now} */
    final List<AbstractCall> calls() {
        return new ArrayList<>(calls.values());
    }

    final void overAtPeer() {
        running--;
    }

    final void remove(AbstractCall call) {
        if (calls.remove(call.id()) != null && !call.isOverAtPeer()) {
            running--;
        }
    }

    /** {@return the call, {@code null} if it has ended} */
    private AbstractCall find(long id) {
        if (id > lastId || id == 0) {
            throw new CorruptedFrameException("a frame for call " + id + "; the last one opened is " + lastId);
        }
        AbstractCall call = calls.get(id);
        return call == null || call.isOverAtPeer() ? null : call;
    }

    void endAll(CallStatus status) {
        if (ended == null) {
            ended = status;
        }
        calls().forEach(call -> call.finish(status));
    }

    // Writing

    /** {@return whether the connection takes more messages} Any thread. */
    final boolean isWritable() {
        return sendWindow.hasRoom() && writers.haveRoom(context().channel());
    }

    final CallWriters writers() {
        return writers;
    }

    final ConnectionSendWindow sendWindow() {
        return sendWindow;
    }

    // Frames

    final void peerKnown(CallLimits newPeerLimits) {
        peerLimits = newPeerLimits;
        sendWindow.open(newPeerLimits.connectionWindow());
        sendWindowOpened();
    }

    /** Refuses a message for which there is no window. */
    final void checkReceive(int length) {
        receiveWindow.take(0, length);
    }

    /** A message has been delivered or dropped. */
    final void giveBack(int length) {
        int increment = receiveWindow.giveBack(length);
        if (increment > 0 && ended == null) {
            writer.window(0, increment);
        }
    }

    final void message(ByteBuf in, boolean last, long id, int length) {
        checkReceive(length);
        AbstractCall call = find(id);
        if (call == null) {
            in.skipBytes(length);
            giveBack(length);
            return;
        }
        call.input().check(length);
        call.input().received(LentInput.readSlice(in, length), last);
    }

    final void end(long id, CallStatus status) {
        AbstractCall call = find(id);
        if (call != null) {
            call.receivedEnd(status);
        }
    }

    final void window(long id, int increment) {
        if (id == 0) {
            sendWindow.reopenAndSend(increment);
            sendWindowOpened();
            if (sendWindow.update()) {
                writers.tell();
            }
            return;
        }
        AbstractCall call = find(id);
        if (call != null) {
            call.output().windowOpened(increment);
        }
    }

    // The channel

    @Override
    public final void handlerAdded(ChannelHandlerContext context) throws Exception {
        if (ctx != null) {
            throw new IllegalStateException("the handler belongs to another channel");
        }
        writer = new FrameWriter(context, this::writeFailed);
        ctx = context;
        super.handlerAdded(context);
        if (context.channel().isActive()) {
            start();
        }
    }

    @Override
    public final void channelActive(ChannelHandlerContext context) {
        start();
        context.fireChannelActive();
    }

    private void start() {
        if (!started) {
            started = true;
            writer.hello(limits);
        }
    }

    @Override
    public final void channelRead(ChannelHandlerContext context, Object msg) throws Exception {
        writer.flushLater();
        super.channelRead(context, msg);
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext context) {
        writer.flushNow();
        // Not super, which would ask for more where reading is suspended.
        discardSomeReadBytes();
        context.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
        if (context.channel().isWritable()) {
            writers.tell();
        }
        context.fireChannelWritabilityChanged();
    }

    /** Goes on where {@link #isReadingSuspended} has stopped. */
    final void resumeReading() {
        try {
            channelRead(ctx, Unpooled.EMPTY_BUFFER);
        } catch (Exception e) {
            ctx.fireExceptionCaught(e);
        }
        writer.flushNow();
        endIfInputIsOver();
    }

    @Override
    protected final void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (stopped || ended != null) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (isReadingSuspended()) {
            return;
        }
        try {
            reader.read(in);
        } catch (DecoderException cause) {
            stopped = true;
            in.skipBytes(in.readableBytes());
            endAll(CallStatus.of(CallStatus.Code.INTERNAL, "the peer broke the protocol: " + cause.getMessage()));
            context.close();
            throw cause;
        }
    }

    @Override
    protected final void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        // A part of a frame is a part of a call, and the calls are told.
        in.skipBytes(in.readableBytes());
    }

    @Override
    public final void userEventTriggered(ChannelHandlerContext context, Object event) {
        // Not super, which would drop the frames that are not read yet where reading is suspended.
        if (event instanceof ChannelInputShutdownEvent) {
            inputOver = true;
            endIfInputIsOver();
        }
        context.fireUserEventTriggered(event);
    }

    /**
     * The peer can't answer or open windows any more: ends the calls that need it to, and the connection with the
     * others.
     */
    private void endIfInputIsOver() {
        if (inputOver && ended == null && !isReadingSuspended()) {
            // Calls that are made meanwhile find it shut down.
            shuttingDown = true;
            inputEnded(CallStatus.of(CallStatus.Code.UNAVAILABLE, "the peer has ended its output"));
            closeIfIdle();
        }
    }

    void inputEnded(CallStatus status) {
        calls().forEach(call -> call.inputOver(status));
    }

    /** The stream has a gap where bytes were not written: the peer could make no sense of those behind it. */
    private void writeFailed(Throwable cause) {
        if (ended != null || cause instanceof ClosedChannelException) {
            return;
        }
        endAll(CallStatus.of(CallStatus.Code.UNAVAILABLE, "a write failed: " + cause));
        ctx.fireExceptionCaught(cause);
        ctx.close();
    }

    @Override
    public final void channelInactive(ChannelHandlerContext context) throws Exception {
        super.channelInactive(context);
        endAll(CallStatus.of(CallStatus.Code.UNAVAILABLE, "the connection was closed"));
    }

    @Override
    protected final void handlerRemoved0(ChannelHandlerContext context) {
        endAll(CallStatus.of(CallStatus.Code.UNAVAILABLE, "the connection was closed"));
        writer.close();
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof ClosedChannelException && ended != null) {
            // A write that came too late; its call knows.
            return;
        }
        context.fireExceptionCaught(cause);
    }

    // Shutdown

    /**
     * Takes no more calls, lets those that run end, and closes the channel then. To end them too, close the channel.
     *
     * @return the channel's close future
     */
    public final ChannelFuture shutdown() {
        EventExecutor executor = executor();
        if (executor.inEventLoop()) {
            beginShutdown();
        } else {
            try {
                executor.execute(this::beginShutdown);
            } catch (RejectedExecutionException e) {
                logger.trace("the event loop has been shut down, and has closed the channel", e);
            }
        }
        return ctx.channel().closeFuture();
    }

    /** See {@link #shutdown}. */
    void beginShutdown() {
        shuttingDown = true;
        closeIfIdle();
    }

    final void closeIfIdle() {
        if (shuttingDown && ended == null && isIdle()) {
            ended = CallStatus.of(CallStatus.Code.UNAVAILABLE, "the connection was shut down");
            writer.flushNow();
            // Not before everything is written.
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
