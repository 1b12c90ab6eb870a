/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.Native;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Linux's domain sockets that keep boundaries, which neither Netty nor the JDK has. */
public final class UnixSocket {
    public static final int STREAM = 1;
    public static final int DATAGRAM = 2;
    public static final int SEQPACKET = 5;

    private static final int AF_UNIX = 1;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUF = 7;
    private static final int SO_PEERCRED = 17;
    private static final int SO_PEERGROUPS = 59;
    private static final int SHUT_WR = 1;
    /** What Linux's {@code unix_dgram_sendmsg} leaves free of the send buffer. */
    private static final int SEND_OVERHEAD = 32;

    private static final int ENOENT = 2;
    private static final int ERANGE = 34;
    private static final int MSG_PEEK = 2;
    private static final int MSG_TRUNC = 0x20;

    private static final int MAX_PATH = 108;

    private UnixSocket() {}

    public static Descriptor open(int type) throws IOException {
        int number = LibC.Linux.socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (number < 0) {
            throw LibC.error("socket");
        }
        return new Descriptor(number, true);
    }

    /** {@code struct sockaddr_un}. */
    private static byte[] address(String path) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        // The name of an abstract socket ends with the address, a path with a NUL where there is room for one.
        byte[] address = new byte[2 + bytes.length + (bytes[0] == 0 || bytes.length == MAX_PATH ? 0 : 1)];
        // The family is a number in the machine's order, which is 1 in the first byte on all that Linux's JVMs run on
        // but the big-endian s390.
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            address[0] = AF_UNIX;
        } else {
            address[1] = AF_UNIX;
        }
        System.arraycopy(bytes, 0, address, 2, bytes.length);
        return address;
    }

    public static void bind(Descriptor socket, String path) throws IOException {
        // The file gets the socket's mode; where it doesn't, BindAttempt sees to it.
        LibC.fchmod(socket.number(), SocketFile.PRIVATE_MODE);
        byte[] address = address(path);
        if (LibC.Linux.bind(socket.number(), address, address.length) != 0) {
            throw LibC.error("bind");
        }
    }

    public static void connect(Descriptor socket, String path) throws IOException {
        if (!tryConnect(socket, path)) {
            throw new IOException(LibC.describe(LibC.EAGAIN));
        }
    }

    /** Connects; returns false if the server's backlog is full. */
    public static boolean tryConnect(Descriptor socket, String path) throws IOException {
        byte[] address = address(path);
        if (LibC.Linux.connect(socket.number(), address, address.length) == 0) {
            return true;
        }
        int error = Native.getLastError();
        if (error == LibC.EAGAIN) {
            return false;
        }
        String text = LibC.describe(error);
        if (error == ENOENT) {
            throw new FileNotFoundException(text);
        }
        throw error == LibC.ECONNREFUSED ? new ConnectException(text) : new IOException(text);
    }

    public static void listen(Descriptor socket, int backlog) throws IOException {
        if (LibC.Linux.listen(socket.number(), backlog) != 0) {
            throw LibC.error("listen");
        }
    }

    /** Returns the number of the new socket or the negative error. */
    public static int accept(Descriptor server) {
        int result;
        do {
            result = Descriptor.result(LibC.Linux.accept4(server.number(), 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC));
        } while (result == -LibC.EINTR);
        return result;
    }

    public static void shutdownOutput(Descriptor socket) {
        // Fails if the peer has gone, which is as good.
        LibC.shutdown(socket.number(), SHUT_WR);
    }

    /** The length of the next message, which stays where it is, or the negative error. */
    public static int nextLength(Descriptor socket) {
        return socket.receive(0, 0, MSG_PEEK | MSG_TRUNC);
    }

    /** Takes the next message, as much as there is space for. */
    public static int receive(Descriptor socket, ByteBuf buffer) {
        int length = buffer.writableBytes();
        return length == 0
                ? drop(socket)
                : socket.receive(DirectMemory.addressOf(buffer, buffer.writerIndex(), length), length, 0);
    }

    public static int drop(Descriptor socket) {
        return socket.receive(0, 0, 0);
    }

    public static int sendBuffer(Descriptor socket) {
        int[] size = new int[1];
        return LibC.Linux.getsockopt(socket.number(), SOL_SOCKET, SO_SNDBUF, size, new int[] {Integer.BYTES}) == 0
                ? size[0]
                : -1;
    }

    /** The longest message that the socket takes, or -1. */
    public static int maxMessageLength(Descriptor socket) {
        int buffer = sendBuffer(socket);
        return buffer < 0 ? -1 : buffer - SEND_OVERHEAD;
    }

    /** The kernel takes any size, as much of it as the administrator allows. */
    public static void setSendBuffer(Descriptor socket, int size) {
        if (LibC.Linux.setsockopt(socket.number(), SOL_SOCKET, SO_SNDBUF, new int[] {size}, Integer.BYTES) != 0) {
            throw new ChannelException(LibC.error("setsockopt(SO_SNDBUF)"));
        }
    }

    /** Process, user and group of the peer. */
    public static int[] peerCredentials(int socket) throws IOException {
        int[] credentials = new int[3];
        int[] length = {credentials.length * Integer.BYTES};
        if (LibC.Linux.getsockopt(socket, SOL_SOCKET, SO_PEERCRED, credentials, length) != 0) {
            throw LibC.error("getsockopt(SO_PEERCRED)");
        }
        return credentials;
    }

    /**
     * The peer's groups: the given one and its supplementary ones, as far as the kernel tells (4.13 and later).
     *
     * @param primary its primary group
     */
    public static int[] peerGroups(int socket, int primary) {
        int[] groups = new int[32];
        int[] length = {groups.length * Integer.BYTES};
        int result = LibC.Linux.getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups, length);
        if (result != 0 && Native.getLastError() == ERANGE) {
            groups = new int[length[0] / Integer.BYTES];
            result = LibC.Linux.getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups, length);
        }
        int count = result == 0 ? length[0] / Integer.BYTES : 0;
        // Linux tells each once.
        int[] all = new int[count + 1];
        all[0] = primary;
        int size = 1;
        for (int i = 0; i < count; i++) {
            if (groups[i] != primary) {
                all[size++] = groups[i];
            }
        }
        return Arrays.copyOf(all, size);
    }
}
