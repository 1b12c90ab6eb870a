/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.channel.ChannelPromise;
import java.util.Arrays;

/**
 * The promises of messages that are in a ring and that the peer does not see yet, oldest first, each with its message's
 * length and the place behind it. For one thread; allocates only to grow.
 */
final class UnflushedPromises {

    private ChannelPromise[] promises = new ChannelPromise[16];
    private int[] lengths = new int[promises.length];
    private long[] ends = new long[promises.length];
    private int head;
    private int size;

    int size() {
        return size;
    }

    void add(ChannelPromise promise, int length, long end) {
        if (size == promises.length) {
            grow();
        }
        int slot = slot(size++);
        promises[slot] = promise;
        lengths[slot] = length;
        ends[slot] = end;
    }

    private void grow() {
        ChannelPromise[] morePromises = Arrays.copyOf(promises, 2 * size);
        int[] moreLengths = Arrays.copyOf(lengths, 2 * size);
        long[] moreEnds = Arrays.copyOf(ends, 2 * size);
        for (int i = 0; i < size; i++) {
            morePromises[i] = promise(i);
            moreLengths[i] = length(i);
            moreEnds[i] = end(i);
        }
        promises = morePromises;
        lengths = moreLengths;
        ends = moreEnds;
        head = 0;
    }

    /** Of the message with that number; the oldest has 0. */
    ChannelPromise promise(int number) {
        return promises[slot(number)];
    }

    int length(int number) {
        return lengths[slot(number)];
    }

    long end(int number) {
        return ends[slot(number)];
    }

    void setEnd(int number, long end) {
        ends[slot(number)] = end;
    }

    ChannelPromise removeOldest() {
        ChannelPromise promise = promises[head];
        promises[head] = null;
        head = slot(1);
        size--;
        return promise;
    }

    private int slot(int number) {
        return (head + number) & (promises.length - 1);
    }
}
