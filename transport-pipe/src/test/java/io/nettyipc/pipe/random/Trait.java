/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.random;

/** What a kind of channel can do, so that scripts ask for nothing else. */
public enum Trait {
    /** {@code shutdownOutput} tells the peer that there will be no more. */
    OUTPUT_SHUTDOWN,
    /** {@code shutdownInput} ends reading. */
    INPUT_SHUTDOWN,
    /** {@code ALLOW_HALF_CLOSURE} keeps a channel open whose peer has ended its output. */
    HALF_CLOSURE_OPTION,
    /** Reading goes on, without any effect, after the end of the input; Netty's epoll channels throw. */
    READS_AFTER_END,
    /**
     * Nothing is lost with {@code DefaultMaxBytesRecvByteBufAllocator}. Netty's epoll channels end their input while
     * data is unread, if the peer ends its output.
     */
    LIMITED_READS,
    /** {@code FileRegion}s can be written. */
    FILE_REGIONS,
    /** Each write arrives as a message of its own. */
    MESSAGES,
    /** There is one channel, and it gets back what it writes. */
    ECHO,
    /** The client only writes, the server only reads. */
    ONE_WAY,
    /** Who reads is not told that nobody writes any more. */
    NO_END,
    /** An open channel can leave its event loop and come back. */
    REREGISTRATION
}
