/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.nettyipc.pipe.NamedPipeMessagePart;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Collects messages and parts of messages, in order, and the user events. */
@ChannelHandler.Sharable
public class Messages extends PipeFixture.Recorder {

    public final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

    /** What came, a byte a character, and what it was. */
    private record Received(String bytes, String mark) {
        Received(ByteBuf bytes, String mark) {
            this(bytes.toString(StandardCharsets.ISO_8859_1), mark);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof NamedPipeMessagePart part) {
            received.add(new Received(part.content(), part.isLast() ? "." : "+"));
            part.release();
        } else {
            received.add(new Received((ByteBuf) msg, ""));
            ((ByteBuf) msg).release();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        events.add(event);
    }

    public boolean hasNext() {
        return !received.isEmpty();
    }

    /** The next message as text; a part has a {@code +} behind it, and the last part a full stop. */
    public String next() throws InterruptedException {
        Received next = take();
        return next.bytes + next.mark;
    }

    public byte[] nextBytes() throws InterruptedException {
        return take().bytes.getBytes(StandardCharsets.ISO_8859_1);
    }

    private Received take() throws InterruptedException {
        Received next = received.poll(30, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no message; failures " + failures);
        }
        return next;
    }

    public Object awaitEvent() throws InterruptedException {
        Object event = events.poll(30, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("no event; failures " + failures);
        }
        return event;
    }
}
