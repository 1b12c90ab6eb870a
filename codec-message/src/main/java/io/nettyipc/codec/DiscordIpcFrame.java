/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.DefaultByteBufHolder;

/**
 * A frame of Discord's local RPC ({@code discord-ipc-0} to {@code -9}): an opcode and a JSON text in UTF-8. Releasing
 * the frame releases its content.
 */
public final class DiscordIpcFrame extends DefaultByteBufHolder {

    /** Opcode of the first frame in each direction. */
    public static final int HANDSHAKE = 0;
    /** Opcode of a command, its answer or an event. */
    public static final int FRAME = 1;
    /** Opcode of the last frame; its content says why. */
    public static final int CLOSE = 2;
    /** Opcode of a frame that is answered by {@link #PONG} with the same content. */
    public static final int PING = 3;
    /** Opcode of the answer to {@link #PING}. */
    public static final int PONG = 4;

    private final int opcode;

    /**
     * Creates a frame.
     *
     * @param opcode one of the constants, or any other number: a codec passes it on
     * @param content the JSON text, which belongs to the frame from here on
     */
    public DiscordIpcFrame(int opcode, ByteBuf content) {
        super(content);
        this.opcode = opcode;
    }

    /** {@return the opcode} */
    public int opcode() {
        return opcode;
    }

    @Override
    public DiscordIpcFrame copy() {
        return (DiscordIpcFrame) super.copy();
    }

    @Override
    public DiscordIpcFrame duplicate() {
        return (DiscordIpcFrame) super.duplicate();
    }

    @Override
    public DiscordIpcFrame retainedDuplicate() {
        return (DiscordIpcFrame) super.retainedDuplicate();
    }

    @Override
    public DiscordIpcFrame replace(ByteBuf content) {
        return new DiscordIpcFrame(opcode, content);
    }

    @Override
    public DiscordIpcFrame retain() {
        super.retain();
        return this;
    }

    @Override
    public DiscordIpcFrame retain(int increment) {
        super.retain(increment);
        return this;
    }

    @Override
    public DiscordIpcFrame touch() {
        super.touch();
        return this;
    }

    @Override
    public DiscordIpcFrame touch(Object hint) {
        super.touch(hint);
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && ((DiscordIpcFrame) other).opcode == opcode;
    }

    @Override
    public int hashCode() {
        return super.hashCode() * 31 + opcode;
    }

    @Override
    public String toString() {
        return "DiscordIpcFrame(opcode: " + opcode + ", " + contentToString() + ')';
    }
}
