/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import io.netty.util.internal.PlatformDependent;
import io.nettyipc.base.os.LibC;
import io.nettyipc.base.os.SocketMessages;
import io.nettyipc.shm.ShmAddress;
import io.nettyipc.shm.ring.RingLayout;
import io.nettyipc.shm.segment.Segment;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A peer without a channel or a loop, which may send what it likes: over a Unix socket, or as a client of a Windows
 * pipe.
 */
final class RawPeer implements AutoCloseable {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    static final boolean WINDOWS = PlatformDependent.isWindows();
    static final int HEARS_EVENT_FD = 528;
    /** As much as can be written to an eventfd. */
    static final long FULL = 0xFFFF_FFFF_FFFF_FFFEL;

    private final ByteBuffer counter = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());

    private final Socket socket;
    private final RandomAccessFile pipe;
    private final SocketMessages messages;
    private final ByteBuf received = Unpooled.buffer();
    private final List<Integer> descriptors = new ArrayList<>();
    private boolean ended;

    /** What {@link #handshake} made of both sides' memory, and both sides' doorbells, or -1. */
    private Segment own;

    private Segment others;
    /** What {@link #lend} made of both sides' memory for leases. */
    private Segment ownLeases;

    private Segment othersLeases;
    private int othersEventFd = -1;
    private int ownEventFd = -1;
    /** What the server calls the memory. */
    private MemoryName keptAs;

    private RawPeer(Socket socket, RandomAccessFile pipe) {
        this.socket = socket;
        this.pipe = pipe;
        messages = socket == null
                ? null
                : new SocketMessages(HandshakeMessage.MAX_LENGTH, HandshakeMessage.MAX_DESCRIPTORS);
    }

    static RawPeer connect(ShmAddress address) throws IOException {
        String path = address.control().path();
        if (WINDOWS) {
            return new RawPeer(null, new RandomAccessFile(path, "rw"));
        }
        Socket socket = Socket.newSocketDomain();
        socket.connect(new DomainSocketAddress(path));
        return new RawPeer(socket, null);
    }

    /** Begins to listen; the returned socket is for {@link #accept}. */
    static Socket listen(ShmAddress address) throws IOException {
        Socket listener = Socket.newSocketDomain();
        listener.bind(new DomainSocketAddress(address.control().path()));
        listener.listen(16);
        return listener;
    }

    static RawPeer accept(Socket listener) throws IOException {
        byte[] address = new byte[128];
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        for (int accepted; System.nanoTime() < deadline; pause()) {
            if ((accepted = listener.accept(address)) != -1) {
                return new RawPeer(new Socket(accepted), null);
            }
        }
        throw new AssertionError("nobody connects");
    }

    private static void pause() {
        LockSupport.parkNanos(20_000);
    }

    // ---- messages

    void send(HandshakeMessage message, int... fileDescriptors) throws IOException {
        send(message.encode(), fileDescriptors);
    }

    /** Sends anything; a peer that has closed already does not matter. The descriptors stay the caller's. */
    void send(ByteBuf bytes, int... fileDescriptors) throws IOException {
        try {
            if (pipe != null) {
                pipe.write(ByteBufUtil.getBytes(bytes));
            } else {
                CLibrary.send(socket.intValue(), ByteBufUtil.getBytes(bytes), fileDescriptors);
            }
        } catch (IOException e) {
            if (!isClosedByPeer(String.valueOf(e.getMessage()))) {
                throw e;
            }
        } finally {
            bytes.release();
        }
    }

    private boolean isClosedByPeer(String message) {
        // On Windows "Pipe closed", "The pipe is being closed", "The pipe has been ended".
        return pipe != null
                ? message.contains("ipe ")
                : message.contains("errno 32)") || message.contains("errno 104)");
    }

    /** Returns the next message, or {@code null} at the end of the connection. */
    HandshakeMessage receive() throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        HandshakeMessage message;
        while ((message = HandshakeMessage.decode(received)) == null && !ended) {
            if (pipe != null) {
                byte[] bytes = new byte[4096];
                int length = pipe.read(bytes);
                ended = length < 0;
                received.writeBytes(bytes, 0, Math.max(0, length));
            } else if (!messages.receive(socket.intValue(), new Receiver()) && !ended) {
                pause();
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("no answer");
            }
        }
        return message;
    }

    /** Reads up to the end, and returns why the other side refused; {@code null} if it did not say so. */
    String refusal() throws IOException {
        String reason = null;
        for (HandshakeMessage message; (message = receive()) != null; ) {
            reason = message instanceof HandshakeMessage.Refused refused ? refused.reason : null;
        }
        return reason;
    }

    private final class Receiver implements SocketMessages.Receiver {
        @Override
        public void received(ByteBuf bytes, int... fileDescriptors) {
            received.writeBytes(bytes);
            for (int descriptor : fileDescriptors) {
                descriptors.add(descriptor);
            }
        }

        @Override
        public void ended(IOException cause) {
            ended = true;
        }
    }

    // ---- a right handshake

    static HandshakeMessage.Hello hello(Segment.Kind kind, boolean eventFd, int capacity) {
        return hello(kind, eventFd, capacity, LeaseTerms.NONE, null);
    }

    static HandshakeMessage.Hello hello(Segment.Kind kind, boolean eventFd, int capacity, LeaseTerms leases) {
        return hello(kind, eventFd, capacity, leases, null);
    }

    /** Says that a client has kept memory. */
    static HandshakeMessage.Hello hello(Segment.Kind kind, boolean eventFd, int capacity, MemoryName again) {
        return hello(kind, eventFd, capacity, LeaseTerms.NONE, again);
    }

    private static HandshakeMessage.Hello hello(
            Segment.Kind kind, boolean eventFd, int capacity, LeaseTerms leases, MemoryName again) {
        return new HandshakeMessage.Hello(
                HandshakeMessage.VERSION,
                HandshakeMessage.bit(kind),
                eventFd ? 3 : 2,
                capacity,
                capacity,
                leases,
                again);
    }

    /** Does all that an honest client does who offers a memfd at once. */
    void handshakeAtOnce(boolean eventFd, int capacity) throws IOException {
        int size = RingLayout.segmentSize(capacity);
        own = Segment.create(Segment.Kind.MEMFD, size);
        ownEventFd = CLibrary.eventfd(0, CLibrary.NONBLOCK);
        send(hello(Segment.Kind.MEMFD, eventFd, capacity), own.descriptor(), ownEventFd);
        if (!(receive() instanceof HandshakeMessage.Welcome welcome)) {
            throw new AssertionError("not welcome");
        }
        keptAs = welcome.keptAs;
        hearEventFd(eventFd);
        others = Segment.openMemfd(descriptors.remove(0), size);
        if (eventFd) {
            othersEventFd = descriptors.remove(0);
        }
    }

    /** Offers a memfd for a larger ring than the server wants, and goes on as an honest client does. */
    void offer(int offered, int capacity) throws IOException {
        try (Segment tooLarge = Segment.create(Segment.Kind.MEMFD, RingLayout.segmentSize(offered))) {
            send(hello(Segment.Kind.MEMFD, true, offered), tooLarge.descriptor());
        }
        handOver(Segment.Kind.MEMFD, true, capacity);
    }

    /**
     * Does all that an honest client does who offers its memory when it is asked to. Its memory and doorbell may be
     * used in other ways from then on.
     */
    void handshake(Segment.Kind kind, boolean eventFd, int capacity) throws IOException {
        handshake(kind, eventFd, capacity, LeaseTerms.NONE);
    }

    /** As above, up to the point where both have each other's rings. */
    void handshake(Segment.Kind kind, boolean eventFd, int capacity, LeaseTerms leases) throws IOException {
        send(hello(kind, eventFd, capacity, leases));
        handOver(kind, eventFd, capacity);
    }

    /** Does the rest of that: both get each other's memory for leases, of which there is as much as this side wants. */
    void lend(LeaseTerms leases, int othersMaxLeases) throws IOException {
        AgreedLeases agreed =
                new AgreedLeases(leases.sendBytes(), leases.receiveBytes(), othersMaxLeases, leases.maxLeases());
        ownLeases = Segment.create(own.kind(), agreed.client().size());
        if (own.kind() == Segment.Kind.MEMFD) {
            send(new HandshakeMessage.SegmentName(""), ownLeases.descriptor());
        } else {
            send(new HandshakeMessage.SegmentName(ownLeases.name()));
        }
        if (!(receive() instanceof HandshakeMessage.SegmentName others)) {
            throw new AssertionError("lends nothing");
        }
        int size = agreed.server().size();
        othersLeases = own.kind() == Segment.Kind.MEMFD
                ? Segment.openMemfd(descriptors.remove(0), size)
                : Segment.openSection(others.name, size);
        send(new HandshakeMessage.Ready());
    }

    private void handOver(Segment.Kind kind, boolean eventFd, int capacity) throws IOException {
        if (!(receive() instanceof HandshakeMessage.Welcome welcome)) {
            throw new AssertionError("not welcome");
        }
        int size = RingLayout.segmentSize(capacity);
        own = Segment.create(kind, size);
        switch (kind) {
            case MEMFD -> {
                others = Segment.openMemfd(descriptors.remove(0), size);
                if (eventFd) {
                    othersEventFd = descriptors.remove(0);
                    ownEventFd = CLibrary.eventfd(0, CLibrary.NONBLOCK);
                    hearEventFd(true);
                    send(new HandshakeMessage.SegmentName(""), own.descriptor(), ownEventFd);
                } else {
                    send(new HandshakeMessage.SegmentName(""), own.descriptor());
                }
            }
            case SECTION -> {
                others = Segment.openSection(welcome.name, size);
                send(new HandshakeMessage.SegmentName(own.name()));
            }
            default -> throw new AssertionError(kind);
        }
        if (!(receive() instanceof HandshakeMessage.Ready)) {
            throw new AssertionError("not ready");
        }
    }

    /** Does all that an honest server does, for a client that offers its memory at once. */
    void serve(boolean eventFd, int capacity) throws IOException {
        serve(eventFd, capacity, null);
    }

    /** The same, and says what it calls the memory. */
    void serve(boolean eventFd, int capacity, MemoryName name) throws IOException {
        keptAs = name;
        if (!(receive() instanceof HandshakeMessage.Hello)) {
            throw new AssertionError("no hello");
        }
        int size = RingLayout.segmentSize(capacity);
        own = Segment.create(Segment.Kind.MEMFD, size);
        ownEventFd = eventFd ? CLibrary.eventfd(0, CLibrary.NONBLOCK) : -1;
        hearEventFd(eventFd);
        HandshakeMessage welcome = new HandshakeMessage.Welcome(
                HandshakeMessage.VERSION,
                HandshakeMessage.bit(Segment.Kind.MEMFD),
                eventFd ? HandshakeMessage.EVENT_FD : HandshakeMessage.CONTROL_BYTE,
                capacity,
                capacity,
                AgreedLeases.NONE,
                false,
                name,
                "");
        if (eventFd) {
            send(welcome, own.descriptor(), ownEventFd);
        } else {
            send(welcome, own.descriptor());
        }
        others = Segment.openMemfd(descriptors.remove(0), size);
        if (eventFd) {
            othersEventFd = descriptors.remove(0);
        }
    }

    /** Has the other side ring by the eventfd at once. */
    private void hearEventFd(boolean eventFd) {
        if (eventFd) {
            own.buffer().putLong(HEARS_EVENT_FD, 1);
            VarHandle.fullFence();
        }
    }

    /** Tells the other side that this one has closed in order, and hangs up. */
    void sayGoodbye() throws IOException {
        own.buffer().putLong(AbstractHostileTest.DATA_WANTED, Long.MAX_VALUE);
        VarHandle.fullFence();
        hangUp();
    }

    /** Takes the memory and the doorbells of an earlier connection. */
    void takeOver(RawPeer earlier) {
        own = earlier.own;
        others = earlier.others;
        ownEventFd = earlier.ownEventFd;
        othersEventFd = earlier.othersEventFd;
        keptAs = earlier.keptAs;
        earlier.own = null;
        earlier.others = null;
        earlier.ownEventFd = -1;
        earlier.othersEventFd = -1;
    }

    MemoryName keptAs() {
        return keptAs;
    }

    Segment own() {
        return own;
    }

    /** What the other side sent and nothing was made of. */
    List<Integer> descriptors() {
        return descriptors;
    }

    Segment others() {
        return others;
    }

    Segment ownLeases() {
        return ownLeases;
    }

    Segment othersLeases() {
        return othersLeases;
    }

    void ring() throws IOException {
        if (othersEventFd != -1 && others.buffer().getLong(HEARS_EVENT_FD) != 0) {
            CLibrary.write(othersEventFd, counter.putLong(0, 1), Long.BYTES);
        } else {
            send(Unpooled.wrappedBuffer(new byte[1]));
        }
    }

    /** Fills both doorbells, and makes them block whoever would write to them. */
    void fillEventFds() {
        for (int eventFd : new int[] {ownEventFd, othersEventFd}) {
            empty(eventFd);
            CLibrary.write(eventFd, counter.putLong(0, FULL), Long.BYTES);
            CLibrary.fcntl(eventFd, CLibrary.SET_FLAGS, 0);
        }
    }

    /** Empties both doorbells, and lets nobody block any more. Returns what was in this side's. */
    long emptyEventFds() {
        empty(othersEventFd);
        return empty(ownEventFd);
    }

    private long empty(int eventFd) {
        CLibrary.fcntl(eventFd, CLibrary.SET_FLAGS, CLibrary.NONBLOCK);
        return CLibrary.read(eventFd, counter, Long.BYTES) == Long.BYTES ? counter.getLong(0) : 0;
    }

    /** Rings, if the socket has room for that. */
    void ringOrNot() throws IOException {
        try {
            ring();
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("errno 11)")) {
                throw e;
            }
        }
    }

    /** This end's socket, and what came of the other's. */
    Set<Integer> ownDescriptors() {
        Set<Integer> all = new HashSet<>(descriptors);
        all.add(socket.intValue());
        all.add(othersEventFd);
        all.add(ownEventFd);
        return all;
    }

    static byte[] bytes(HandshakeMessage message) {
        ByteBuf encoded = message.encode();
        try {
            return ByteBufUtil.getBytes(encoded);
        } finally {
            encoded.release();
        }
    }

    static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    /** Ends the connection. */
    void hangUp() throws IOException {
        if (pipe != null) {
            pipe.close();
        } else {
            socket.shutdown();
        }
    }

    @Override
    public void close() throws IOException {
        for (int descriptor : descriptors) {
            CLibrary.close(descriptor);
        }
        if (othersEventFd != -1) {
            CLibrary.close(othersEventFd);
        }
        if (ownEventFd != -1) {
            CLibrary.close(ownEventFd);
        }
        if (own != null) {
            own.close();
        }
        if (others != null) {
            others.close();
        }
        if (ownLeases != null) {
            ownLeases.close();
        }
        if (othersLeases != null) {
            othersLeases.close();
        }
        if (pipe != null) {
            pipe.close();
        } else {
            socket.close();
        }
    }

    /** Linux: what a peer could send instead of its memory. */
    static final class CLibrary {
        static final int NONBLOCK = 0x800;
        static final int SET_FLAGS = 4;
        static final int ALLOW_SEALING = 2;
        static final int ADD_SEALS = 1033;
        static final int SEAL = 1;
        static final int SHRINK = 2;
        static final int GROW = 4;
        static final int FUTURE_WRITE = 16;

        static {
            Native.register(CLibrary.class, NativeLibrary.getProcess());
        }

        private CLibrary() {}

        static native int memfd_create(String name, int flags);

        static native int ftruncate(int descriptor, long size);

        static native int fcntl(int descriptor, int command, int argument);

        static native int eventfd(int initial, int flags);

        static native int socket(int domain, int type, int protocol);

        static native int open(String path, int flags);

        static native long write(int descriptor, ByteBuffer bytes, long length);

        static native long read(int descriptor, ByteBuffer bytes, long length);

        static native int close(int descriptor);

        private static native int dup2(int from, int to);

        static Set<Integer> eventFds() throws IOException {
            return descriptors("anon_inode:[eventfd]");
        }

        static Set<Integer> sockets() throws IOException {
            return descriptors("socket:");
        }

        private static Set<Integer> descriptors(String kind) throws IOException {
            Set<Integer> found = new HashSet<>();
            try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
                for (Path descriptor : (Iterable<Path>) all::iterator) {
                    try {
                        if (Files.readSymbolicLink(descriptor).toString().startsWith(kind)) {
                            found.add(Integer.parseInt(descriptor.getFileName().toString()));
                        }
                    } catch (NoSuchFileException e) {
                        // That of the listing itself.
                    }
                }
            }
            return found;
        }

        /** Puts a file in the place of each descriptor: something that epoll does not watch. */
        static void replaceByFile(Iterable<Integer> descriptors) {
            int file = open("/proc/self/exe", 0);
            for (int descriptor : descriptors) {
                dup2(file, descriptor);
            }
            close(file);
        }

        private static native long sendmsg(int socket, Pointer message, int flags);

        /** With as many descriptors as you like, unlike {@link SocketMessages}. */
        static void send(int socket, byte[] bytes, int... descriptors) throws IOException {
            int controlSize = descriptors.length == 0 ? 0 : 16 + Integer.BYTES * descriptors.length;
            int dataAt = 80 + (controlSize + 7 & ~7);
            // See SocketMessages for what is where.
            try (Memory block = new Memory(dataAt + bytes.length)) {
                block.clear();
                block.setPointer(16, block.share(64));
                block.setLong(24, 1);
                block.setPointer(64, block.share(dataAt));
                block.setLong(72, bytes.length);
                block.write(dataAt, bytes, 0, bytes.length);
                if (controlSize != 0) {
                    block.setPointer(32, block.share(80));
                    block.setLong(40, dataAt - 80);
                    block.setLong(80, controlSize);
                    block.setInt(88, 1);
                    block.setInt(92, 1);
                    block.write(96, descriptors, 0, descriptors.length);
                }
                if (sendmsg(socket, block, LibC.MSG_DONTWAIT | LibC.MSG_NOSIGNAL) != bytes.length) {
                    throw LibC.error("sendmsg");
                }
            }
        }

        /** An anonymous file of that size with those seals. */
        static int memfd(long size, int seals) {
            int descriptor = memfd_create("hostile", ALLOW_SEALING);
            if (descriptor < 0
                    || ftruncate(descriptor, size) != 0
                    || (seals != 0 && fcntl(descriptor, ADD_SEALS, seals) != 0)) {
                throw new AssertionError("errno " + Native.getLastError());
            }
            return descriptor;
        }
    }
}
