/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.unix.DomainSocketAddress;
import io.nettyipc.base.channel.SharedMemoryRefusal;
import io.nettyipc.base.os.RuntimeDirectory;
import io.nettyipc.base.os.SocketFile;
import io.nettyipc.base.socket.FileNames;
import io.nettyipc.base.socket.SocketAddresses;
import io.nettyipc.pipe.NamedPipeBusyException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Gives a client's transport the address in the class it takes, and explains why a connect failed. With the connect a
 * {@link SharedMemoryRefusal} takes its place, which leaves the pipeline with the first bytes that come.
 */
final class ConnectHandler extends ChannelOutboundHandlerAdapter {
    private static final String BUSY = "the server does not take connections now; its backlog is probably full";

    private final UnixTransport transport;

    ConnectHandler(UnixTransport transport) {
        this.transport = transport;
    }

    @Override
    public void bind(ChannelHandlerContext ctx, SocketAddress localAddress, ChannelPromise promise) {
        ctx.bind(transport.toTransportAddress(SocketAddresses.check(localAddress)), promise);
    }

    @Override
    public void connect(
            ChannelHandlerContext ctx, SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise)
            throws IOException {
        SocketAddress remote = transportAddress(find(remoteAddress));
        SocketAddress local = localAddress == null ? null : transportAddress(localAddress);

        ChannelPromise connected = ctx.newPromise();
        connected.addListener(future -> {
            if (future.isSuccess()) {
                if (!promise.trySuccess()) {
                    ctx.close();
                }
            } else if (future.isCancelled()) {
                promise.cancel(false);
            } else {
                Throwable cause = future.cause();
                try {
                    cause = explain(remoteAddress, cause);
                } catch (RuntimeException e) {
                    // An exception that is thrown here would only be logged.
                    cause.addSuppressed(e);
                }
                promise.tryFailure(cause);
            }
        });
        promise.addListener(future -> {
            if (future.isCancelled()) {
                connected.cancel(false);
            }
        });
        ctx.pipeline().replace(this, null, new SharedMemoryRefusal());
        ctx.connect(remote, local, connected);
    }

    private SocketAddress transportAddress(SocketAddress address) throws ConnectException {
        SocketAddresses.check(address);
        try {
            return transport.toTransportAddress(address);
        } catch (InvalidPathException e) {
            throw failure(address, "the path " + FileNames.problem(SocketAddresses.pathOf(address)), e);
        }
    }

    /**
     * Returns where the server is that has a portable name. Whoever owns the directory could have put its own socket
     * there.
     */
    private static SocketAddress find(SocketAddress address) throws IOException {
        if (!PipeNames.isPortable(address)) {
            return address;
        }
        Path path = Path.of(SocketAddresses.pathOf(address));
        Path found = RuntimeDirectory.current().find(path);
        try {
            RuntimeDirectory.containing(found).check();
        } catch (NoSuchFileException e) {
            throw failure(address, missing(address), e);
        } catch (IOException e) {
            throw failure(address, e.getMessage(), e);
        }
        return found.equals(path) ? address : new DomainSocketAddress(found.toString());
    }

    private static String missing(SocketAddress address) {
        if (!PipeNames.isPortable(address)) {
            return "there is no such pipe";
        }
        List<Path> others = RuntimeDirectory.current().elsewhere(Path.of(SocketAddresses.pathOf(address)));
        String variable = System.getenv("XDG_RUNTIME_DIR");
        return "there is no such pipe"
                + (others.isEmpty()
                        ? ""
                        : ", nor " + others.stream().map(Path::toString).collect(Collectors.joining(", nor ")))
                + "; XDG_RUNTIME_DIR is " + (variable == null ? "not set" : variable)
                + " here, and a server that has another one, or a /tmp of its own (PrivateTmp=, a container), is"
                + " found by a socket's path only";
    }

    private Throwable explain(SocketAddress address, Throwable cause) {
        if (!(cause instanceof IOException failure)
                || cause instanceof ClosedChannelException
                || cause instanceof ConnectTimeoutException) {
            return cause;
        }
        String path = SocketAddresses.pathOf(address);
        // The transport has connected, or tried to, by a path that the JDK may not have.
        String problem = FileNames.problem(path);
        if (problem == null) {
            return failure(address, finding(address, failure), cause);
        }
        return failure(
                address,
                path.charAt(0) == '\0' && transport.isRefused(failure)
                        ? "nobody listens on this abstract socket"
                        : "the file can't be looked at, as the path " + problem,
                cause);
    }

    /** Looks at the file, because the system's error is the same for several mistakes. */
    private String finding(SocketAddress address, IOException failure) {
        Path path = Path.of(SocketAddresses.pathOf(address));
        if (PipeNames.isPortable(address)) {
            path = RuntimeDirectory.current().find(path);
        }
        SocketFile file;
        try {
            file = SocketFile.read(path);
        } catch (NoSuchFileException e) {
            return missing(address);
        } catch (AccessDeniedException e) {
            return "permission denied: this user may not search a directory of the path";
        } catch (IOException e) {
            return RuntimeDirectory.reason(e);
        }
        if (!file.isSocket()) {
            return "it is " + file.kind() + " and not a socket";
        }
        if (!Files.isWritable(path)) {
            return "permission denied: the socket belongs to the user id %s and has the mode %04o"
                    .formatted(Integer.toUnsignedString(file.userId()), file.permissions());
        }
        return transport.isRefused(failure)
                ? "nobody listens: the server that made the socket has ended without removing it"
                : BUSY;
    }

    private static ConnectException failure(SocketAddress address, String finding, Throwable cause) {
        String detail = cause instanceof NoSuchFileException || cause instanceof FileNotFoundException
                ? "No such file or directory"
                : cause.getMessage();
        String text = "cannot connect to " + PipeNames.describe(address) + ": " + finding
                + (finding.equals(detail) ? "" : " (" + detail + ')');
        ConnectException failure = finding.equals(BUSY) ? new NamedPipeBusyException(text) : new ConnectException(text);
        return (ConnectException) failure.initCause(cause);
    }
}
