/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.Native;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A file descriptor that this object owns. Calls return what the system call returns, or the negative error: {@code
 * EAGAIN} is nothing to throw for. For one thread at a time.
 */
public final class Descriptor {

    /** {@code struct pollfd}. */
    private static final FastThreadLocal<ByteBuffer> POLL_ENTRY = new FastThreadLocal<>() {
        @Override
        protected ByteBuffer initialValue() {
            return ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
        }
    };

    private final int number;
    private final boolean socket;
    private boolean open = true;

    public Descriptor(int number) {
        this(number, false);
    }

    /** A socket doesn't have to be non-blocking: each of its calls says that it won't wait. */
    public Descriptor(int number, boolean socket) {
        this.number = number;
        this.socket = socket;
    }

    /**
     * Opens a file, closed in children, without waiting for anybody.
     *
     * @return the descriptor, or the negative error
     */
    public static int tryOpen(String path, int flags) {
        int number = LibC.open(path, flags | LibC.O_CLOEXEC | LibC.O_NONBLOCK);
        return number >= 0 ? number : -Native.getLastError();
    }

    /**
     * Prepares a socket that this process was started with: its calls don't wait, and children don't get it.
     *
     * @throws IOException if it is no open socket
     */
    public static void takeOver(int number) throws IOException {
        // Fails with ENOTSOCK for anything else.
        if (LibC.shutdown(number, -1) != 0 && LibC.lastError() == LibC.ENOTSOCK) {
            throw LibC.error("shutdown", LibC.ENOTSOCK);
        }
        new Descriptor(number).setNonBlocking();
        LibC.fcntl(number, LibC.F_SETFD, LibC.FD_CLOEXEC);
    }

    public int number() {
        return number;
    }

    /** Makes calls return {@code EAGAIN} where they would wait; for all who have the same open file. */
    public void setNonBlocking() throws IOException {
        int flags = LibC.fcntl(number, LibC.F_GETFL, 0);
        if (flags < 0 || LibC.fcntl(number, LibC.F_SETFL, flags | LibC.O_NONBLOCK) < 0) {
            throw LibC.error("fcntl");
        }
    }

    /** Reads into the direct buffer's free space. 0 is the end. */
    public int read(ByteBuf buffer) {
        int length = buffer.writableBytes();
        long address = DirectMemory.addressOf(buffer, buffer.writerIndex(), length);
        int result;
        do {
            result = result(
                    socket
                            ? LibC.recv(number, address, length, LibC.MSG_DONTWAIT)
                            : LibC.read(number, address, length));
        } while (result == -LibC.EINTR);
        if (result > 0) {
            buffer.writerIndex(buffer.writerIndex() + result);
        }
        return result;
    }

    /**
     * Receives from a socket that keeps boundaries, without waiting. Such a socket tells once, before it gives what is
     * queued, that its peer has closed without reading everything: what the peer sent before is not lost for that, and
     * its end follows.
     */
    int receive(long address, int length, int flags) {
        int result;
        do {
            result = result(LibC.recv(number, address, length, flags | LibC.MSG_DONTWAIT));
        } while (result == -LibC.EINTR || result == -LibC.ECONNRESET);
        return result;
    }

    public int write(long address, int length) {
        int result;
        do {
            result = result(
                    socket
                            ? LibC.send(number, address, length, LibC.MSG_DONTWAIT | LibC.MSG_NOSIGNAL)
                            : LibC.write(number, address, length));
        } while (result == -LibC.EINTR);
        return result;
    }

    public int writev(GatherArray vectors) {
        if (socket) {
            // The first only: sendmsg would need one structure more, and sockets are rare here.
            return write(vectors.firstAddress(), vectors.firstLength());
        }
        int result;
        do {
            result = result(LibC.writev(number, vectors.address(), vectors.count()));
        } while (result == -LibC.EINTR);
        return result;
    }

    /** Whether any of the events is there now. */
    public boolean hasHappened(short events) {
        return hasHappened(number, events);
    }

    private static boolean hasHappened(int number, short events) {
        ByteBuffer entry = POLL_ENTRY.get().putInt(0, number).putShort(4, events);
        return LibC.poll(DirectMemory.addressOf(entry), 1, 0) > 0;
    }

    /**
     * Whether the other side has closed or will write no more, or an error is there. To be asked where epoll says so:
     * it tells of several descriptors at once, and of one that was closed since another may have the number.
     */
    public static boolean isEnded(int number) {
        return hasHappened(number, LibC.POLLRDHUP);
    }

    /** How many bytes could be read now, or -1 if the system doesn't tell. */
    public int available() {
        int[] bytes = new int[1];
        return LibC.ioctl(number, LibC.FIONREAD, bytes) == 0 ? bytes[0] : -1;
    }

    static int result(long result) {
        return result >= 0 ? (int) result : -Native.getLastError();
    }

    /** Closes it; a second time does nothing. */
    public void close() {
        if (open) {
            open = false;
            // The number is free whatever close returns: a second try could close a file that was opened since.
            LibC.close(number);
        }
    }

    @Override
    public String toString() {
        return "descriptor " + number;
    }
}
