/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * The server's end of a connection that carries {@linkplain io.nettyipc.codec.call calls}: the last handler of a
 * channel's pipeline. Each channel has its own. It turns the channel's {@code autoRead} off while the channel isn't
 * writable, if it was on.
 */
public final class CallServerHandler extends CallConnection {

    private static final CallStatus UNIMPLEMENTED =
            CallStatus.of(CallStatus.Code.UNIMPLEMENTED, "the server has no method of this number");

    private final IntFunction<CallService> services;
    private final Runnable resume = this::resumeReading;
    private boolean autoReadTurnedOff;

    /**
     * Creates the handler with the {@linkplain CallLimits#DEFAULT default limits}.
     *
     * @param services finds a method by its number; {@code null} if there is none. Called on the channel's event loop.
     */
    public CallServerHandler(IntFunction<CallService> services) {
        this(services, CallLimits.DEFAULT);
    }

    /**
     * Creates the handler.
     *
     * @param services finds a method by its number; {@code null} if there is none. Called on the channel's event loop.
     * @param limits what it accepts from the client
     */
    public CallServerHandler(IntFunction<CallService> services, CallLimits limits) {
        super(limits);
        this.services = Objects.requireNonNull(services, "services");
    }

    @Override
    boolean opened(long id, int flags, int method, int timeoutMillis, ByteBuf message) {
        if (id <= lastId()) {
            throw new CorruptedFrameException("call " + id + " opened after call " + lastId());
        }
        if (isShuttingDown()) {
            // The client gets to know from GO_AWAY.
            numberSeen(id);
            if (message != null) {
                giveBack(message.readableBytes());
                message.release();
            }
            return true;
        }
        if (runningCalls() >= limits().maxCalls()) {
            throw new CorruptedFrameException("one call more than the " + limits().maxCalls() + " allowed");
        }
        ServerCall call = new ServerCall(this, method);
        call.start(id);
        call.output().open(peerLimits().window());
        if (timeoutMillis != 0) {
            call.startDeadline(Integer.toUnsignedLong(timeoutMillis), TimeUnit.MILLISECONDS);
        }
        begin(call);
        boolean last = (flags & Frame.LAST) != 0;
        if (message != null) {
            call.input().check(message.readableBytes());
            call.input().received(message, last);
        } else if (last && !call.hasEnded()) {
            call.receivedEnd(CallStatus.OK);
        }
        return true;
    }

    private void begin(ServerCall call) {
        try {
            CallService service = services.apply(call.method());
            if (service == null) {
                call.abortNow(UNIMPLEMENTED);
                return;
            }
            CallListener listener = Objects.requireNonNull(service.open(call), "the service's listener");
            call.listener(listener);
            if (!call.hasEnded() && !(listener instanceof UnaryServiceListener)) {
                writers().add(call);
            }
        } catch (Throwable e) {
            call.failed(e);
        }
    }

    @Override
    void beginShutdown() {
        if (!isShuttingDown() && hasStarted() && endedStatus() == null) {
            writer().goAway(lastId());
        }
        super.beginShutdown();
    }

    /** A client that does not read the responses is not to make more of them. */
    @Override
    boolean isReadingSuspended() {
        return !context().channel().isWritable();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
        ChannelConfig config = context.channel().config();
        if (!context.channel().isWritable()) {
            // Not if the application has turned it off, who wouldn't want it on again.
            autoReadTurnedOff |= config.isAutoRead();
            config.setAutoRead(false);
        } else {
            if (autoReadTurnedOff) {
                autoReadTurnedOff = false;
                config.setAutoRead(true);
            }
            executor().execute(resume);
        }
        super.channelWritabilityChanged(context);
    }
}
