/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.nettyipc.base.channel.SharedMemoryRefusal;
import io.nettyipc.shm.segment.Segment;
import java.nio.charset.StandardCharsets;

/**
 * A message of the handshake, and its form on the wire. Numbers are big-endian.
 *
 * <pre>
 *   +---------+---------------+----------------------------+
 *   | type u8 | length u16    | body, length bytes         |
 *   +---------+---------------+----------------------------+
 *   HELLO    magic u32 | version u8 | kinds u8 | doorbells u8 | send capacity u32 | receive capacity u32
 *            [ | bytes to send u32 | bytes to receive u32 | leases u32 ]
 *   WELCOME  version u8 | kind u8 | doorbell u8 | client's capacity u32 | server's capacity u32
 *            [ | client's bytes u32 | server's bytes u32 | client's leases u32 | server's leases u32 ] | name
 *   SEGMENT  name
 *   READY    (nothing)
 *   REFUSED  magic u32 | reason
 * </pre>
 *
 * <p>Kinds and doorbells are sets of bits in HELLO and one bit in WELCOME. Text is UTF-8 and ends with its message. A
 * name is empty where descriptors are sent instead: the segment's, then the eventfd if that is the doorbell.
 *
 * <p>What is in brackets is there if a bit among the doorbells says so: the client would have memory for leases, and
 * the server agrees. Then both send SEGMENT once more with the memory for these, the client first, when they have each
 * other's rings, and the client ends with READY.
 *
 * <p>The client may offer its memory with HELLO, as descriptors like those of SEGMENT: a memfd for a ring of the send
 * capacity, and an eventfd if it has that doorbell. If WELCOME says memfd and that very capacity, it is the last
 * message: one round trip is saved. Otherwise the server forgets what was offered, and so does the client.
 */
abstract class HandshakeMessage {

    static final int HEADER = 3;
    /** A file's name is the longest thing there is: PATH_MAX. */
    static final int MAX_BODY = 4096;
    /** The memory's and the doorbell's. */
    static final int MAX_LENGTH = HEADER + MAX_BODY;

    static final int MAX_DESCRIPTORS = 2;

    static final int VERSION = 5;

    static final int EVENT_FD = 1;
    static final int CONTROL_BYTE = 2;
    /** Not a doorbell: what follows says something about leases. */
    private static final int LEASES = 0x80;
    /** Not a doorbell: a client asks for memory of an earlier connection, and a server gives it. */
    private static final int AGAIN = 0x40;
    /** Not a doorbell: a server will keep the memory, and says what it calls it. */
    private static final int NAMED = 0x20;

    private static final int DOORBELLS = ~(LEASES | AGAIN | NAMED);

    /** What to do if the two sides are of different kinds. */
    static final String ONE_KIND =
            "use shared memory (ShmServerChannel, ShmChannel) at both ends, or a pipe" + " (NamedPipe's channel types)";

    private static final int MAGIC = SharedMemoryRefusal.MAGIC;
    private static final int MAX_REASON = 1000;

    private static final int HELLO = 1;
    private static final int WELCOME = 2;
    private static final int SEGMENT = 3;
    private static final int READY = 4;
    private static final int REFUSED = SharedMemoryRefusal.TYPE;

    private HandshakeMessage() {}

    /**
     * Takes one message out of what was received.
     *
     * @return the message, or {@code null} if there is not yet all of it
     */
    static HandshakeMessage decode(ByteBuf in) throws HandshakeException {
        if (!in.isReadable()) {
            return null;
        }
        int start = in.readerIndex();
        int type = in.getUnsignedByte(start);
        if (type < HELLO || type > REFUSED) {
            throw new HandshakeException(
                    "the peer does not speak the shared-memory handshake: its message has the type 0x"
                            + Integer.toHexString(type) + "; is it a plain pipe or socket? Then " + ONE_KIND);
        }
        if (in.readableBytes() < HEADER) {
            return null;
        }
        int length = in.getUnsignedShort(start + 1);
        if (length > MAX_BODY) {
            throw new HandshakeException(
                    "the peer's handshake message has " + length + " bytes; at most " + MAX_BODY + " are allowed");
        }
        if (in.readableBytes() < HEADER + length) {
            return null;
        }
        ByteBuf body = in.skipBytes(HEADER).readSlice(length);
        try {
            HandshakeMessage message = switch (type) {
                case HELLO -> Hello.read(body);
                case WELCOME -> Welcome.read(body);
                case SEGMENT -> new SegmentName(name(body));
                case READY -> new Ready();
                default -> Refused.read(body);
            };
            if (body.isReadable()) {
                throw new HandshakeException(body.readableBytes() + " bytes too many in the peer's "
                        + message.getClass().getSimpleName());
            }
            return message;
        } catch (IndexOutOfBoundsException e) {
            throw new HandshakeException(
                    "the peer's handshake message of type " + type + " ends after " + length + " bytes", e);
        }
    }

    private static String text(ByteBuf body) {
        return body.readCharSequence(body.readableBytes(), StandardCharsets.UTF_8)
                .toString();
    }

    /** It will be in messages too; no name that we give has such characters. */
    private static String name(ByteBuf body) throws HandshakeException {
        String name = text(body);
        String printable = printable(name);
        if (!printable.equals(name)) {
            throw new HandshakeException(
                    "the name of the peer's memory has characters that no name has: " + bounded(printable));
        }
        return name;
    }

    /** Without what could forge lines of a log or direct a terminal. */
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isHarmless(c)) {
                printable.appendCodePoint(c);
            } else {
                printable.append(String.format("\\u%04x", c));
            }
        });
        return printable.toString();
    }

    private static String bounded(String reason) {
        return reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON);
    }

    private static boolean isHarmless(int codePoint) {
        boolean reversesText =
                (codePoint >= 0x202A && codePoint <= 0x202E) || (codePoint >= 0x2066 && codePoint <= 0x2069);
        return !reversesText
                && switch (Character.getType(codePoint)) {
                    case Character.CONTROL,
                            Character.SURROGATE,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> false;
                    default -> true;
                };
    }

    private static ByteBuf begin(int type) {
        return Unpooled.buffer(64).writeByte(type).writeShort(0);
    }

    private static ByteBuf end(ByteBuf message) {
        return message.setShort(1, message.readableBytes() - HEADER);
    }

    private static void checkMagic(ByteBuf body) throws HandshakeException {
        int magic = body.readInt();
        if (magic != MAGIC) {
            throw new HandshakeException("the peer does not speak the shared-memory handshake: it begins with 0x"
                    + Integer.toHexString(magic));
        }
    }

    /** Returns the message in its form on the wire. */
    abstract ByteBuf encode();

    /** The bit that stands for a kind of memory. */
    static int bit(Segment.Kind kind) {
        return switch (kind) {
            case MEMFD -> 1;
            case FILE -> 2;
            case SECTION -> 4;
        };
    }

    static final class Hello extends HandshakeMessage {
        final int version;
        final int kinds;
        final int doorbells;
        final long sendCapacity;
        final long receiveCapacity;
        final LeaseTerms leases;
        /** Memory that it has kept, or null. */
        final MemoryName again;

        Hello(
                int version,
                int kinds,
                int doorbells,
                long sendCapacity,
                long receiveCapacity,
                LeaseTerms leases,
                MemoryName again) {
            this.version = version;
            this.kinds = kinds;
            this.doorbells = doorbells;
            this.sendCapacity = sendCapacity;
            this.receiveCapacity = receiveCapacity;
            this.leases = leases;
            this.again = again;
        }

        static Hello read(ByteBuf body) throws HandshakeException {
            checkMagic(body);
            int version = body.readUnsignedByte();
            if (version != VERSION) {
                // What follows is for those who know that version.
                throw new HandshakeException("the peer speaks version " + version
                        + " of the shared-memory handshake, and" + " only version " + VERSION + " is known here");
            }
            int kinds = body.readUnsignedByte();
            int doorbells = body.readUnsignedByte();
            return new Hello(
                    version,
                    kinds,
                    doorbells & DOORBELLS,
                    body.readUnsignedInt(),
                    body.readUnsignedInt(),
                    (doorbells & LEASES) == 0
                            ? LeaseTerms.NONE
                            : AgreedLeases.checkAsked(
                                    body.readUnsignedInt(), body.readUnsignedInt(), body.readUnsignedInt()),
                    (doorbells & AGAIN) == 0 ? null : MemoryName.read(body));
        }

        @Override
        ByteBuf encode() {
            ByteBuf message = begin(HELLO)
                    .writeInt(MAGIC)
                    .writeByte(version)
                    .writeByte(kinds)
                    .writeByte(doorbells | (leases.isOffer() ? LEASES : 0) | (again != null ? AGAIN : 0))
                    .writeInt((int) sendCapacity)
                    .writeInt((int) receiveCapacity);
            if (leases.isOffer()) {
                message.writeInt(leases.sendBytes())
                        .writeInt(leases.receiveBytes())
                        .writeInt(leases.maxLeases());
            }
            if (again != null) {
                again.write(message);
            }
            return end(message);
        }
    }

    static final class Welcome extends HandshakeMessage {
        final int version;
        final int kind;
        final int doorbell;
        final long clientCapacity;
        final long serverCapacity;
        final AgreedLeases leases;
        /** Whether it is the memory that the client has asked for. */
        final boolean again;
        /** What the server calls the memory, if it will keep it; else null. */
        final MemoryName keptAs;

        final String name;

        Welcome(
                int version,
                int kind,
                int doorbell,
                long clientCapacity,
                long serverCapacity,
                AgreedLeases leases,
                boolean again,
                MemoryName keptAs,
                String name) {
            this.version = version;
            this.kind = kind;
            this.doorbell = doorbell;
            this.clientCapacity = clientCapacity;
            this.serverCapacity = serverCapacity;
            this.leases = leases;
            this.again = again;
            this.keptAs = keptAs;
            this.name = name;
        }

        static Welcome read(ByteBuf body) throws HandshakeException {
            int version = body.readUnsignedByte();
            int kind = body.readUnsignedByte();
            int doorbell = body.readUnsignedByte();
            return new Welcome(
                    version,
                    kind,
                    doorbell & DOORBELLS,
                    body.readUnsignedInt(),
                    body.readUnsignedInt(),
                    (doorbell & LEASES) == 0
                            ? AgreedLeases.NONE
                            : new AgreedLeases(
                                    body.readUnsignedInt(),
                                    body.readUnsignedInt(),
                                    body.readUnsignedInt(),
                                    body.readUnsignedInt()),
                    (doorbell & AGAIN) != 0,
                    (doorbell & NAMED) == 0 ? null : MemoryName.read(body),
                    name(body));
        }

        @Override
        ByteBuf encode() {
            ByteBuf message = begin(WELCOME)
                    .writeByte(version)
                    .writeByte(kind)
                    .writeByte(doorbell
                            | (leases.isAny() ? LEASES : 0)
                            | (again ? AGAIN : 0)
                            | (keptAs != null ? NAMED : 0))
                    .writeInt((int) clientCapacity)
                    .writeInt((int) serverCapacity);
            if (leases.isAny()) {
                message.writeInt((int) leases.clientBytes())
                        .writeInt((int) leases.serverBytes())
                        .writeInt((int) leases.clientLeases())
                        .writeInt((int) leases.serverLeases());
            }
            if (keptAs != null) {
                keptAs.write(message);
            }
            message.writeCharSequence(name, StandardCharsets.UTF_8);
            return end(message);
        }
    }

    static final class SegmentName extends HandshakeMessage {
        final String name;

        SegmentName(String name) {
            this.name = name;
        }

        @Override
        ByteBuf encode() {
            ByteBuf message = begin(SEGMENT);
            message.writeCharSequence(name, StandardCharsets.UTF_8);
            return end(message);
        }
    }

    static final class Ready extends HandshakeMessage {
        @Override
        ByteBuf encode() {
            return begin(READY);
        }
    }

    static final class Refused extends HandshakeMessage {
        final String reason;

        Refused(String reason) {
            this.reason = bounded(reason);
        }

        static Refused read(ByteBuf body) throws HandshakeException {
            checkMagic(body);
            return new Refused(printable(text(body)));
        }

        @Override
        ByteBuf encode() {
            ByteBuf message = begin(REFUSED).writeInt(MAGIC);
            message.writeCharSequence(reason, StandardCharsets.UTF_8);
            return end(message);
        }
    }
}
