/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.nettyipc.base.loop.CompletionPortIoHandler;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Overlapped;
import io.nettyipc.base.os.SecurityAttributes;
import io.nettyipc.base.os.Win32Error;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.NamedPipeMode;
import io.nettyipc.pipe.NamedPipeServerChannelConfig;
import java.io.IOException;
import java.net.BindException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The instances of one server's pipe that wait for clients, and those whose client waits for the server. Used on the
 * server's event loop only.
 *
 * <p>{@code pendingInstances} of them exist at all times, and a new one is made before a connected one is given away: a
 * name without a listening instance is one that clients are told doesn't exist, and that another process could take.
 *
 * <p>Each connection has a fresh instance. Disconnecting a used one and listening on it again would save 38 to 47 µs
 * (1.8 times faster than creating, associating and closing one) of the 1,200 µs and more that a connection with one
 * round trip takes, under Wine; but it discards what the client hasn't read yet, and the handle stays with the
 * completion port, and so with the event loop, of its first connection.
 */
final class PipeListener implements AutoCloseable {

    private final CompletionPortIoHandler handler;
    private final NamedPipeAddress address;
    private final long event;
    private final int openMode;
    private final int pipeMode;
    private final int maxInstances;
    private final int inQuota;
    private final int outQuota;
    private final int pendingInstances;
    private final SecurityAttributes security;
    private final List<PipeInstance> listening = new ArrayList<>();
    private final ArrayDeque<Long> connected = new ArrayDeque<>();

    /** Creates the pending instances, so that clients can connect from here on. */
    PipeListener(
            CompletionPortIoHandler handler, NamedPipeAddress address, NamedPipeServerChannelConfig config, long event)
            throws IOException {
        this.handler = handler;
        this.address = address;
        this.event = event;
        openMode = Kernel32.FILE_FLAG_OVERLAPPED
                | switch (config.getAccess()) {
                    case DUPLEX -> Kernel32.PIPE_ACCESS_DUPLEX;
                    case INBOUND -> Kernel32.PIPE_ACCESS_INBOUND;
                    case OUTBOUND -> Kernel32.PIPE_ACCESS_OUTBOUND;
                };
        pipeMode = (config.isRejectRemote() ? Kernel32.PIPE_REJECT_REMOTE_CLIENTS : 0)
                | (config.getType() == NamedPipeMode.MESSAGE
                        ? Kernel32.PIPE_TYPE_MESSAGE | Kernel32.PIPE_READMODE_MESSAGE
                        : 0);
        maxInstances = config.getMaxInstances();
        inQuota = config.getInQuota();
        outQuota = config.getOutQuota();
        pendingInstances = Math.min(config.getPendingInstances(), maxInstances);
        security = SecurityAttributes.ofSddl(config.getSecurity().toSddl());
        try {
            listen(create(config.isFirstInstance()));
            replenish(pendingInstances);
        } catch (Throwable t) {
            close();
            throw t;
        }
    }

    /** A new instance's handle. */
    private long create(boolean first) throws IOException {
        if (first) {
            Win32Error.clearLast();
        }
        long handle = Kernel32.CreateNamedPipe(
                address.path(),
                first ? openMode | Kernel32.FILE_FLAG_FIRST_PIPE_INSTANCE : openMode,
                pipeMode,
                maxInstances,
                outQuota,
                inQuota,
                security.address());
        Win32Error error = Win32Error.last();
        if (handle != Kernel32.INVALID_HANDLE_VALUE) {
            if (!first || error.code() != Win32Error.ALREADY_EXISTS) {
                return handle;
            }
            // Wine makes the instance in spite of the flag, but says this much.
            Kernel32.CloseHandle(handle);
        }
        String message = address.path() + ": " + error.describe("CreateNamedPipe");
        throw switch (error.code()) {
            case Win32Error.ACCESS_DENIED, Win32Error.ALREADY_EXISTS ->
                new BindException(message + "; "
                        + (first
                                ? "a pipe of that name exists already, of this or another process"
                                        + " (a closed server's name is taken as long as its connections live)"
                                : "the pipe belongs to another server that doesn't allow further instances, or has"
                                        + " another direction or mode"));
            case Win32Error.PIPE_BUSY ->
                new PipeFullException(message + "; the pipe has as many instances as it may have");
            default -> new BindException(message);
        };
    }

    /** Waits for a client of an instance, unless it has one. */
    void listen(long handle) throws IOException {
        Overlapped overlapped = handler.overlappedPool.acquire();
        overlapped.reset(event);
        int error = Kernel32.ConnectNamedPipe(handle, overlapped.address())
                ? 0
                : Win32Error.last().code();
        handler.listeningServers().instanceStarted();
        if (error == Win32Error.IO_PENDING) {
            listening.add(new PipeInstance(handle, overlapped));
            return;
        }
        handler.overlappedPool.release(overlapped);
        // ERROR_NO_DATA: a client came and went before we asked. It may have written something, as one that only
        // reports and leaves does, and that can be read all the same: it is a connection like any other.
        if (error == 0 || error == Win32Error.PIPE_CONNECTED || error == Win32Error.NO_DATA) {
            connected.add(handle);
            return;
        }
        Kernel32.CloseHandle(handle);
        throw new BindException(address.path() + ": " + new Win32Error(error).describe("ConnectNamedPipe"));
    }

    /**
     * Finds out which instances have a client now and sees to it that enough are waiting.
     *
     * @throws IOException if no further instance can be made; those that exist go on
     */
    void poll() throws IOException {
        collect();
        replenish(pendingInstances);
    }

    private void collect() {
        for (Iterator<PipeInstance> i = listening.iterator(); i.hasNext(); ) {
            PipeInstance instance = i.next();
            Overlapped overlapped = instance.overlapped();
            if (overlapped.isPending()) {
                continue;
            }
            i.remove();
            if (overlapped.status() == 0) {
                connected.add(instance.handle());
            } else {
                Kernel32.CloseHandle(instance.handle());
            }
            handler.overlappedPool.release(overlapped);
        }
    }

    private void replenish(int wanted) throws IOException {
        // Each start may have reset the event under another instance's signal, hence the look after each. Bounded,
        // since
        // clients that come and go all the time would keep us here: the signal brings us back.
        for (int i = 2 * wanted; i > 0 && listening.size() + connected.size() < wanted; i--) {
            long handle;
            try {
                handle = create(false);
            } catch (PipeFullException e) {
                if (listening.isEmpty() && connected.isEmpty() && !isLimited()) {
                    throw e;
                }
                return;
            }
            listen(handle);
            collect();
        }
    }

    /** Whether a client waits to be accepted. */
    boolean hasConnected() {
        return !connected.isEmpty();
    }

    /** Whether fewer instances exist than should: creating them failed, or the pipe is at its limit. */
    boolean isShort() {
        return listening.size() + connected.size() < pendingInstances;
    }

    boolean isLimited() {
        return maxInstances != Kernel32.PIPE_UNLIMITED_INSTANCES;
    }

    /** Whether the pipe's limit is reached by what is here and by this many connections. */
    boolean isFull(int connections) {
        return isLimited() && listening.size() + connected.size() + connections >= maxInstances;
    }

    boolean belongsTo(CompletionPortIoHandler handler) {
        return this.handler == handler;
    }

    /** The handle of a connected instance, the caller's from now on, or {@link Kernel32#INVALID_HANDLE_VALUE}. */
    long take() throws IOException {
        if (connected.isEmpty()) {
            return Kernel32.INVALID_HANDLE_VALUE;
        }
        try {
            replenish(pendingInstances + 1);
        } catch (IOException e) {
            // The client is here and can be served; the lack of further instances shows at the next poll.
            if (connected.isEmpty()) {
                throw e;
            }
        }
        return connected.remove();
    }

    /**
     * Closes every instance; a client that connects at this moment finds its end closed. Called on another loop when a
     * server is registered there in vain.
     */
    @Override
    public void close() {
        handler.runOnLoop(this::closeInstances);
    }

    private void closeInstances() {
        for (PipeInstance instance : listening) {
            Kernel32.CancelIoEx(instance.handle(), instance.overlapped().address());
            Kernel32.CloseHandle(instance.handle());
            handler.listeningServers().abandon(instance.overlapped());
        }
        listening.clear();
        for (long handle : connected) {
            Kernel32.CloseHandle(handle);
        }
        connected.clear();
        security.close();
    }

    /** The pipe has as many instances as it may have. */
    private static final class PipeFullException extends BindException {
        private static final long serialVersionUID = 1;

        PipeFullException(String message) {
            super(message);
        }
    }
}
