/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.netty.buffer.ByteBuf;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a server calls the memory that it has with one client's process: another name for each. Two servers have
 * different ones, since the system may tell the same process for both: the one that listened for them.
 *
 * @param server a number that no other server has
 * @param number of the memory
 */
record MemoryName(long server, long number) {

    private static final long SERVER = newServer();
    private static final AtomicLong NEXT = new AtomicLong();

    private static long newServer() {
        return new SecureRandom().nextLong();
    }

    static MemoryName next() {
        return new MemoryName(SERVER, NEXT.getAndIncrement());
    }

    static MemoryName read(ByteBuf message) {
        return new MemoryName(message.readLong(), message.readLong());
    }

    void write(ByteBuf message) {
        message.writeLong(server).writeLong(number);
    }
}
