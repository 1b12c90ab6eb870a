/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.channel.IoHandlerContext;

/** An event loop's context, for its other handler. For one event loop. */
public abstract class LoopContext implements IoHandlerContext {

    private IoHandlerContext context;

    /** Has the loop's context answer from now on. */
    public final void over(IoHandlerContext context) {
        this.context = context;
    }

    @Override
    public boolean canBlock() {
        return context.canBlock();
    }

    @Override
    public long delayNanos(long currentTimeNanos) {
        return context.delayNanos(currentTimeNanos);
    }

    @Override
    public long deadlineNanos() {
        return context.deadlineNanos();
    }

    @Override
    public void reportActiveIoTime(long activeNanos) {
        context.reportActiveIoTime(activeNanos);
    }

    @Override
    public boolean shouldReportActiveIoTime() {
        return context.shouldReportActiveIoTime();
    }
}
