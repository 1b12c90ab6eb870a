/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultFileRegion;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.base.os.Platform;
import io.nettyipc.shm.ring.RingWriter;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file's way into a ring, on Linux. {@link DefaultFileRegion} keeps its file to itself, and the JDK gives a file to
 * channels that aren't its own by 8 KiB, over two buffers. To a socket of the JDK's it is {@code sendfile}, which
 * copies nothing into a Unix socket: that refers to the file's pages then, and to read the other end copies them into
 * the ring. (The JDK's own pipe would do on JDK 17; later ones map the file for it.)
 *
 * <p>One pair for all channels of an event loop: whoever fills it empties it. For that loop.
 */
final class RegionSockets {

    /** What a socket with {@link #SEND_BUFFER} takes of a file at once, in pages of 4 KiB. */
    static final int USUAL_BYTES = 128 << 10;

    private static final int SEND_BUFFER = USUAL_BYTES / 2;

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(RegionSockets.class);

    /** Null until it is used for the first time, and after a failure that may have left bytes between them. */
    private SocketChannel in;

    private SocketChannel out;
    private int length;
    /** Whether the last attempt to make them failed; the next one wouldn't be better. */
    private boolean impossible;

    /** Whether files get into a socket without a copy. */
    static boolean isUseful() {
        return Platform.current() == Platform.LINUX;
    }

    /**
     * Takes of a file what comes next, as much as there is room for.
     *
     * @return whether that is anything; if not, the region should be asked in another way, which also tells what is
     *     wrong with it
     */
    boolean fill(DefaultFileRegion region) {
        if (impossible) {
            return false;
        }
        if (in == null) {
            try {
                connect();
            } catch (IOException | RuntimeException e) {
                impossible = true;
                discard();
                logger.debug("files get into rings by small steps, since there can be no sockets for them", e);
                return false;
            }
        }
        try {
            length = (int) region.transferTo(in, region.transferred());
            return length > 0;
        } catch (IOException e) {
            logger.debug("{} can't be transferred to a socket: {}", region, e.toString());
            discard();
            return false;
        }
    }

    /** In a directory that nobody else may look into. */
    private void connect() throws IOException {
        Path directory = Files.createTempDirectory("nettyipc");
        Path file = directory.resolve("files");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            UnixDomainSocketAddress address = UnixDomainSocketAddress.of(file);
            server.bind(address);
            in = SocketChannel.open(address);
            out = server.accept();
            in.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
            in.configureBlocking(false);
            out.configureBlocking(false);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }

    boolean isEmpty() {
        return length == 0;
    }

    /**
     * Moves some of what was taken into a ring, which shows its reader nothing of it yet.
     *
     * @return how many bytes; 0 if the ring is full, or nothing is left
     */
    int moveTo(RingWriter ring, int max) throws IOException {
        int moved = ring.write(out, Math.min(length, max));
        if (moved < 0) {
            throw lost();
        }
        length -= moved;
        return moved;
    }

    /** Moves all that is left into a buffer, to be released by the caller. */
    ByteBuf takeRest(ByteBufAllocator allocator) throws IOException {
        ByteBuf bytes = allocator.directBuffer(length, length);
        try {
            while (length > 0) {
                int moved = bytes.writeBytes(out, length);
                if (moved <= 0) {
                    throw lost();
                }
                length -= moved;
            }
            return bytes;
        } catch (Throwable t) {
            bytes.release();
            throw t;
        }
    }

    private IOException lost() {
        return new IOException(length + " bytes of a file did not come out of the socket that they went into");
    }

    /** Closes the sockets, with what is in them. The next file has new ones. */
    void discard() {
        length = 0;
        close(in);
        close(out);
        in = null;
        out = null;
    }

    private static void close(Closeable socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                logger.debug("a socket can't be closed", e);
            }
        }
    }
}
