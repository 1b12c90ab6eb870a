/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * One side of a call. All methods may be called from any thread; calls of one thread keep their order. When the call
 * has ended they do nothing, except that messages given to it are released.
 */
public interface Call {

    /** {@return the number of the method called} */
    int method();

    /** {@return the connection that carries the call} */
    Channel channel();

    /**
     * Returns whether the peer and the channel can take more messages now. A message counts from {@link #write} on, on
     * whatever thread. Whoever writes much should look at it before each message, and go on in {@link
     * CallListener#onWritable}: what is written nevertheless stays in memory.
     */
    boolean isWritable();

    /**
     * Sends a message. One longer than the peer accepts ends the call with {@link CallStatus.Code#RESOURCE_EXHAUSTED}.
     *
     * @param message released when it is sent, or can't be
     */
    void write(ByteBuf message);

    /** Says that this side sends no more messages. When a server says so, the call has ended, with OK. */
    void end();

    /**
     * Sends the last message: {@link #write} and {@link #end} in one frame.
     *
     * @param lastMessage released when it is sent, or can't be
     */
    void end(ByteBuf lastMessage);

    /**
     * Ends the call at once, in both directions; what the peer has not got yet is dropped.
     *
     * @param status why; the peer gets it
     * @throws IllegalArgumentException if the status is OK
     */
    void abort(CallStatus status);

    /** Ends the call at once with {@link CallStatus#CANCELLED}. */
    default void cancel() {
        abort(CallStatus.CANCELLED);
    }

    /**
     * Chooses whether messages are delivered as they come, which they are at first, or each when {@link #read} asks for
     * it. A client that reads in this way gets the status after the messages. What is not read when the call's deadline
     * is over, or the connection is closed, is dropped.
     *
     * @param autoRead whether without being asked for
     */
    void setAutoRead(boolean autoRead);

    /** Asks for one more message. */
    void read();
}
