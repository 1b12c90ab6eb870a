/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Sends and receives bytes together with descriptors on Unix sockets, for one event loop. 64-bit Linux only.
 * Reads and writes are of a few hundred bytes, since one block of memory has room for all of them.
 *
 * <p>Netty's own reading of descriptors takes one from a message and leaks the others, leaves them open for child
 * processes, and cannot tell a message without one; that is enough for trusted peers only.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/recvmsg.2.html">recvmsg(2)</a>
 * @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7), SCM_RIGHTS</a>
 */
public final class SocketMessages {

    /** Takes what is received. */
    public interface Receiver {

        /**
         * Something came.
         *
         * @param bytes       belong to the caller; at least one
         * @param descriptors that came with them; the receiver's from now on
         */
        void received(ByteBuf bytes, int... descriptors);

        /**
         * The peer is gone, or the connection broke.
         *
         * @param cause {@code null} if the peer closed it
         */
        void ended(IOException cause);
    }

    static {
        Native.register(SocketMessages.class, NativeLibrary.getProcess());
    }

    private static final int MSG_CTRUNC = 0x8;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;

    private static final int[] NO_DESCRIPTORS = {};

    /*
     * One block holds all that the calls take:
     *
     *   0  struct msghdr: name 0, namelen 8, iov 16, iovlen 24, control 32, controllen 40, flags 48
     *  64  struct iovec:  base 0, len 8
     *  80  struct cmsghdr: len 0 (8 bytes), level 8, type 12; descriptors from 16 on
     * 112  the bytes
     */
    private static final int IOVEC = 64;
    private static final int CONTROL = 80;
    private static final int DESCRIPTORS = CONTROL + 16;
    private static final int DATA = 112;
    /** The most descriptors that come with a message; the system closes what does not fit. */
    private static final int MAX_DESCRIPTORS = (DATA - DESCRIPTORS) / Integer.BYTES;

    private final int dataSize;
    /** There is room for one descriptor more than there may be, to notice it. */
    private final int room;

    private final Memory memory;
    private final long address;
    private final ByteBuffer dataBuffer;
    private final ByteBuf data;

    /**
     * Makes room for messages.
     *
     * @param maxBytes       that a message has
     * @param maxDescriptors that a message has; there are at most 3
     */
    public SocketMessages(int maxBytes, int maxDescriptors) {
        dataSize = maxBytes;
        room = maxDescriptors + 1;
        if (room > MAX_DESCRIPTORS) {
            throw new IllegalArgumentException(
                    "maxDescriptors: " + maxDescriptors + " (expected: < " + MAX_DESCRIPTORS + ')');
        }
        memory = new Memory(DATA + maxBytes);
        address = Pointer.nativeValue(memory);
        dataBuffer = memory.getByteBuffer(DATA, maxBytes);
        data = Unpooled.wrappedBuffer(dataBuffer);
        memory.clear();
        memory.setLong(16, address + IOVEC);
        memory.setLong(24, 1);
        memory.setLong(32, address + CONTROL);
        memory.setLong(IOVEC, address + DATA);
    }

    private static native long sendmsg(int socket, long message, int flags);

    private static native long recvmsg(int socket, long message, int flags);

    private static native long recv(int socket, long bytes, long length, int flags);

    /**
     * Sends all of the message, or fails; but not because the peer is gone: that is for the receiving side to find,
     * with what the peer may have said before it went.
     *
     * @param descriptors as many as there may be
     */
    public void send(int socket, ByteBuf message, int... descriptors) throws IOException {
        int length = message.readableBytes();
        message.readBytes(dataBuffer.clear().limit(length));
        memory.setLong(IOVEC + 8, length);
        long controlLength = 0;
        if (descriptors.length != 0) {
            controlLength = 16 + 4L * descriptors.length;
            memory.setLong(CONTROL, controlLength);
            memory.setInt(CONTROL + 8, SOL_SOCKET);
            memory.setInt(CONTROL + 12, SCM_RIGHTS);
            memory.write(DESCRIPTORS, descriptors, 0, descriptors.length);
        }
        memory.setLong(40, (controlLength + 7) & ~7L);
        long sent;
        int error;
        do {
            sent = sendmsg(socket, address, LibC.MSG_DONTWAIT | LibC.MSG_NOSIGNAL);
            error = sent < 0 ? Native.getLastError() : 0;
        } while (error == LibC.EINTR);
        if (error == LibC.EPIPE || error == LibC.ECONNRESET) {
            return;
        }
        if (sent < 0) {
            throw LibC.error("sendmsg", error);
        }
        if (sent != length) {
            // A few hundred bytes always fit in an empty socket: the peer reads nothing and we have sent much.
            throw new IOException("sendmsg took " + sent + " of " + length + " bytes; the peer does not read");
        }
    }

    /**
     * Sends one byte, without waiting whatever the peer does.
     *
     * @return why not, or {@code null}; also if the peer is gone, which is for the receiving side to find
     */
    public IOException sendByte(int socket) {
        int error;
        do {
            error = LibC.send(socket, address + DATA, 1, LibC.MSG_DONTWAIT | LibC.MSG_NOSIGNAL) < 0
                    ? Native.getLastError()
                    : 0;
        } while (error == LibC.EINTR);
        return error == 0 || error == LibC.EPIPE || error == LibC.ECONNRESET ? null : LibC.error("send", error);
    }

    /**
     * Takes bytes without looking at them: as many as a message may have. Descriptors that came with them are
     * closed by the system.
     *
     * @return how many; 0 if there are none
     */
    public int skip(int socket) {
        return (int) Math.max(0, recv(socket, address + DATA, dataSize, LibC.MSG_DONTWAIT));
    }

    /**
     * Receives what is there, up to one message with descriptors, and hands it on.
     *
     * @return whether there may be more; {@code false} if there is nothing now
     */
    public boolean receive(int socket, Receiver receiver) {
        memory.setLong(IOVEC + 8, dataSize);
        memory.setLong(40, 16 + (long) Integer.BYTES * room);
        long received;
        int error;
        do {
            received = recvmsg(socket, address, LibC.MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
            error = received < 0 ? Native.getLastError() : 0;
        } while (error == LibC.EINTR);
        if (error == LibC.EAGAIN) {
            return false;
        }
        if (received <= 0) {
            receiver.ended(error == 0 ? null : LibC.error("recvmsg", error));
            return false;
        }
        int[] descriptors = descriptors();
        if ((memory.getInt(48) & MSG_CTRUNC) != 0 && descriptors.length < room) {
            for (int descriptor : descriptors) {
                LibC.close(descriptor);
            }
            receiver.ended(new IOException(
                    "descriptors of the peer's were lost: this process may not have more of them open"));
            return false;
        }
        receiver.received(data.setIndex(0, (int) received), descriptors);
        return received == dataSize || descriptors.length != 0;
    }

    /** Of the first control message: there is room for no second one that would have descriptors. */
    private int[] descriptors() {
        if (memory.getLong(40) < 16
                || memory.getInt(CONTROL + 8) != SOL_SOCKET
                || memory.getInt(CONTROL + 12) != SCM_RIGHTS) {
            return NO_DESCRIPTORS;
        }
        return memory.getIntArray(DESCRIPTORS, (int) (memory.getLong(CONTROL) - 16) / 4);
    }
}
