/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.concurrent.EventExecutor;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What both ends of a connection do: read frames, find the call, and end all calls with the connection. */
abstract class CallConnection extends ByteToMessageDecoder {

    private final CallLimits limits;
    private final LongObjectHashMap<AbstractCall> calls = new LongObjectHashMap<>();
    /** First of the calls that want to know when the channel is writable. */
    private AbstractCall firstWriter;

    private volatile ChannelHandlerContext ctx;
    private FrameWriter writer;
    private CallLimits peerLimits;
    private long lastId;
    private boolean started;
    private boolean stopped;
    private boolean shutDown;
    /** Why there are no calls any more. */
    private CallStatus ended;

    CallConnection(CallLimits limits) {
        this.limits = Objects.requireNonNull(limits, "limits");
    }

    /** The peer has told its limits. */
    void peerKnown() {}

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

    /** {@return why the connection carries no calls any more, or {@code null} if it does} */
    final CallStatus endedStatus() {
        return ended;
    }

    final boolean isShutDown() {
        return shutDown;
    }

    final long lastId() {
        return lastId;
    }

    final int runningCalls() {
        return calls.size();
    }

    final void add(AbstractCall call, long id) {
        lastId = id;
        calls.put(id, call);
    }

    /** Takes a number for a call that never runs. */
    final void skip(long id) {
        lastId = id;
    }

    final boolean hasStarted() {
        return started;
    }

    final Iterable<AbstractCall> calls() {
        return calls.values();
    }

    /** Lets a call know from now on when the channel is writable. */
    final void addWriter(AbstractCall call) {
        call.nextWriter = firstWriter;
        if (firstWriter != null) {
            firstWriter.previousWriter = call;
        }
        firstWriter = call;
        call.isWriter = true;
    }

    final void removeWriter(AbstractCall call) {
        if (!call.isWriter) {
            return;
        }
        call.isWriter = false;
        if (call.previousWriter == null) {
            firstWriter = call.nextWriter;
        } else {
            call.previousWriter.nextWriter = call.nextWriter;
        }
        if (call.nextWriter != null) {
            call.nextWriter.previousWriter = call.previousWriter;
        }
        call.previousWriter = null;
        call.nextWriter = null;
    }

    final void remove(long id) {
        calls.remove(id);
    }

    /** Takes no more calls, and closes the channel when those that run have ended. */
    void shutDown() {
        shutDown = true;
        closeIfIdle();
    }

    final void closeIfIdle() {
        if (shutDown && ended == null && isIdle()) {
            ended = CallStatus.of(CallStatus.Code.UNAVAILABLE, "the connection was shut down");
            writer.flushNow();
            // Not before everything is written.
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public final void handlerAdded(ChannelHandlerContext context) throws Exception {
        if (ctx != null) {
            throw new IllegalStateException("the handler belongs to another channel");
        }
        writer = new FrameWriter(context);
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
        if (context.channel().isWritable() && firstWriter != null) {
            List<AbstractCall> writers = new ArrayList<>();
            for (AbstractCall call = firstWriter; call != null; call = call.nextWriter) {
                writers.add(call);
            }
            writers.forEach(AbstractCall::channelWritable);
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

    void endAll(CallStatus status) {
        if (ended == null) {
            ended = status;
        }
        List<AbstractCall> running = new ArrayList<>(calls.values());
        calls.clear();
        for (AbstractCall call : running) {
            call.finish(status);
        }
    }

    @Override
    protected final void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (stopped || ended != null) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (in.readableBytes() < Frame.HEADER_LENGTH || isReadingSuspended()) {
            return;
        }
        try {
            frame(in);
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

    private void frame(ByteBuf in) {
        int start = in.readerIndex();
        long length = in.getUnsignedInt(start) - (Frame.HEADER_LENGTH - Frame.LENGTH_FIELD_LENGTH);
        int type = in.getUnsignedByte(start + 4);
        int flags = in.getUnsignedByte(start + 5);
        int zeros = in.getUnsignedShort(start + 6);
        long id = in.getLong(start + 8);
        check(type, flags, zeros, id, length);
        if (in.readableBytes() - Frame.HEADER_LENGTH < length) {
            return;
        }
        in.skipBytes(Frame.HEADER_LENGTH);
        int payloadLength = (int) length;
        switch (type) {
            case Frame.HELLO -> hello(in);
            case Frame.OPEN -> open(in, flags, id, payloadLength);
            case Frame.MESSAGE -> message(in, flags, id, payloadLength);
            case Frame.END -> end(in, id, payloadLength);
            case Frame.WINDOW -> window(in, id);
            default -> allow(goneAway(id), "GO_AWAY");
        }
    }

    /** Refuses what can't be, before anything of the payload is waited for. */
    private void check(int type, int flags, int zeros, long id, long length) {
        int allowedFlags = 0;
        long min = 0;
        long max = 0;
        switch (type) {
            case Frame.HELLO -> {
                min = Frame.HELLO_LENGTH;
                max = Frame.HELLO_LENGTH;
            }
            case Frame.OPEN -> {
                allowedFlags = Frame.LAST | Frame.WITH_MESSAGE;
                min = Frame.OPEN_LENGTH;
                max = (flags & Frame.WITH_MESSAGE) == 0
                        ? Frame.OPEN_LENGTH
                        : (long) Frame.OPEN_LENGTH + limits.maxMessageLength();
            }
            case Frame.MESSAGE -> {
                allowedFlags = Frame.LAST;
                max = limits.maxMessageLength();
            }
            case Frame.END -> {
                min = Frame.END_LENGTH;
                max = Frame.END_LENGTH + Frame.MAX_DESCRIPTION_LENGTH;
            }
            case Frame.WINDOW -> {
                min = Integer.BYTES;
                max = Integer.BYTES;
            }
            case Frame.GO_AWAY -> {
                // Nothing but the header.
            }
            default -> throw new CorruptedFrameException("a frame of the unknown type " + type);
        }
        if ((peerLimits == null) != (type == Frame.HELLO)) {
            throw new CorruptedFrameException(
                    peerLimits == null ? "the first frame is not HELLO but of type " + type : "a second HELLO");
        }
        if (length > max) {
            throw new TooLongFrameException(
                    "a frame of type " + type + " has a payload of " + length + " bytes, the limit is " + max);
        }
        if (length < min) {
            throw new CorruptedFrameException(
                    "a frame of type " + type + " has a payload of " + length + " bytes instead of " + min);
        }
        if ((flags & ~allowedFlags) != 0 || zeros != 0) {
            throw new CorruptedFrameException(String.format(
                    "a frame of type %d with the flags 0x%02x, and 0x%04x after them", type, flags, zeros));
        }
        if (id < 0 || (type == Frame.HELLO && id != 0)) {
            throw new CorruptedFrameException("the call number " + id);
        }
    }

    private void hello(ByteBuf in) {
        int magic = in.readInt();
        int version = in.readInt();
        if (magic != Frame.MAGIC || version != Frame.VERSION) {
            throw new CorruptedFrameException(String.format(
                    "the peer speaks 0x%08x, version %d; this is 0x%08x, version %d",
                    magic, version, Frame.MAGIC, Frame.VERSION));
        }
        try {
            peerLimits = new CallLimits(in.readInt(), in.readInt(), in.readInt());
        } catch (IllegalArgumentException e) {
            throw new CorruptedFrameException("the peer's limits are wrong: " + e.getMessage());
        }
        peerKnown();
    }

    private void open(ByteBuf in, int flags, long id, int length) {
        int method = in.readInt();
        int timeoutMillis = in.readInt();
        ByteBuf message = (flags & Frame.WITH_MESSAGE) == 0 ? null : in.readRetainedSlice(length - Frame.OPEN_LENGTH);
        boolean allowed;
        try {
            allowed = opened(id, flags, method, timeoutMillis, message);
        } catch (CorruptedFrameException e) {
            if (message != null) {
                message.release();
            }
            throw e;
        }
        if (!allowed && message != null) {
            message.release();
        }
        allow(allowed, "OPEN");
    }

    private static void allow(boolean allowed, String frame) {
        if (!allowed) {
            throw new CorruptedFrameException("the server gets OPEN and the client GO_AWAY, but here came " + frame);
        }
    }

    private void message(ByteBuf in, int flags, long id, int length) {
        AbstractCall call = find(id);
        if (call == null) {
            in.skipBytes(length);
            return;
        }
        call.checkReceive(length);
        call.received(in.readRetainedSlice(length), (flags & Frame.LAST) != 0);
    }

    private void end(ByteBuf in, long id, int length) {
        AbstractCall call = find(id);
        if (call == null) {
            in.skipBytes(length);
            return;
        }
        CallStatus.Code code = CallStatus.Code.of(in.readUnsignedByte());
        int descriptionLength = length - Frame.END_LENGTH;
        if (code == CallStatus.Code.OK && descriptionLength == 0) {
            call.receivedEnd(CallStatus.OK);
        } else {
            call.receivedEnd(CallStatus.of(
                    code,
                    in.readCharSequence(descriptionLength, StandardCharsets.UTF_8)
                            .toString()));
        }
    }

    private void window(ByteBuf in, long id) {
        int increment = in.readInt();
        AbstractCall call = find(id);
        if (call != null) {
            call.windowOpened(increment);
        }
    }

    /** {@return the call, {@code null} if it has ended} */
    private AbstractCall find(long id) {
        if (id > lastId || id == 0) {
            throw new CorruptedFrameException("a frame for call " + id + "; the last one opened is " + lastId);
        }
        return calls.get(id);
    }

    /**
     * Takes no more calls, lets those that run end, and closes the channel then. To end them too, close the channel.
     *
     * @return the channel's close future
     */
    public final ChannelFuture shutdown() {
        EventExecutor executor = executor();
        if (executor.inEventLoop()) {
            shutDown();
        } else {
            executor.execute(this::shutDown);
        }
        return ctx.channel().closeFuture();
    }
}
