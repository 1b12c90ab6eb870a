/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.socket;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import io.nettyipc.base.os.Platform;
import io.nettyipc.base.os.RuntimeDirectory;
import io.nettyipc.base.os.SocketFile;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Binds a server to its socket file:
 * <ul>
 * <li>The directory of a portable name is created for its user only, and refused if others could have written to it.
 * <li>A file that is not a socket is never touched, and neither is a socket on which somebody listens. A socket that
 *     refuses connections is stale and is replaced.
 * <li>The socket can be used by its user only. Where the mode can't be chosen before the bind (NIO, kqueue), and in a
 *     directory that others can use, that is so from just after the bind; before, the process's umask rules.
 * </ul>
 *
 * <p>It never waits on the event loop: what is not possible now is tried again by the loop's timer.
 */
final class BindAttempt implements Runnable {
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int RETRY_MILLIS = 4;

    /**
     * A server of another program is bound for a moment before it listens, and refuses connections in between. So a
     * young socket must refuse twice.
     */
    private static final long YOUNG_MILLIS = 1000;

    private static final int REFUSED_RETRY_MILLIS = 20;
    /** Longer than another server is between its look at the socket and its bind. */
    private static final int LOOK_AGAIN_MILLIS = 50;

    /** Other systems than Linux also refuse while the backlog is full. */
    private static final int MIN_REFUSALS = Platform.current() == Platform.LINUX ? 1 : 10;

    private final ChannelHandlerContext ctx;
    private final SocketFileRules rules;
    private final SocketAddress address;
    private final Path path;
    private final Path lockFile;
    private final ChannelPromise promise;
    private final Consumer<BoundSocket> onBound;
    private final long deadline = System.nanoTime() + TIMEOUT_NANOS;

    private SocketFile refusing;
    private int refusals;
    private boolean waiting;

    /**
     * @param onBound takes the socket file before the promise succeeds
     * @throws BindException if the address can't be one of a file
     */
    BindAttempt(
            ChannelHandlerContext ctx,
            SocketFileRules rules,
            SocketAddress address,
            ChannelPromise promise,
            Consumer<BoundSocket> onBound)
            throws BindException {
        this.ctx = ctx;
        this.rules = rules;
        this.address = address;
        String problem = FileNames.problem(SocketAddresses.pathOf(address));
        if (problem != null) {
            throw failure(rules, address, "the path " + problem, null);
        }
        this.path = Path.of(SocketAddresses.pathOf(address)).toAbsolutePath();
        this.lockFile = BindLock.fileFor(path);
        this.promise = promise;
        this.onBound = onBound;
    }

    @Override
    public void run() {
        if (promise.isDone()) {
            return;
        }
        if (!ctx.channel().isOpen()) {
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        BindLock lock = null;
        boolean handedOver = false;
        try {
            checkDirectory();
            lock = BindLock.tryAcquire(lockFile);
            if (lock == null) {
                retry(
                        RETRY_MILLIS,
                        "other servers have been binding all the time; is a process stopped that holds the lock "
                                + lockFile + '?');
            } else if (clearPath()) {
                handedOver = true;
                bind(lock);
            } else {
                retry(REFUSED_RETRY_MILLIS, "the socket file is being replaced all the time");
            }
        } catch (IOException e) {
            promise.tryFailure(failure(rules, address, RuntimeDirectory.reason(e), e));
        } catch (Throwable t) {
            // On the loop's timer nobody else would tell.
            promise.tryFailure(t);
        } finally {
            if (lock != null && !handedOver) {
                lock.close();
            }
        }
    }

    private void checkDirectory() throws IOException {
        if (rules.isPortable(address)) {
            RuntimeDirectory.containing(path).create();
            checkElsewhere();
        } else if (!Files.isDirectory(path.getParent())) {
            throw new IOException("there is no directory " + path.getParent() + ": create it first");
        }
    }

    /** A server of the same name that was started in another environment has its socket somewhere else. */
    private void checkElsewhere() throws IOException {
        for (Path other : RuntimeDirectory.current().elsewhere(path)) {
            SocketFile found = RuntimeDirectory.isSafe(other) ? SocketFile.readIfExists(other) : null;
            if (found != null && found.isSocket()) {
                SocketProbe probe = rules.probe(other);
                if (!probe.refused()) {
                    throw new IOException(probe.finding() + ", at " + other
                            + ": it was started with another XDG_RUNTIME_DIR, or without it");
                }
            }
        }
    }

    /** Returns whether nothing is at the path, or {@code false} if that should be looked at again. */
    private boolean clearPath() throws IOException {
        SocketFile found = SocketFile.readIfExists(path);
        if (found == null) {
            return true;
        }
        if (!found.isSocket()) {
            throw new IOException("the path exists and is " + found.kind()
                    + ", not a socket: remove it, or use another " + "address");
        }
        SocketProbe probe = rules.probe(path);
        if (!found.equals(SocketFile.readIfExists(path))) {
            return false;
        }
        if (!probe.refused()) {
            throw new IOException(probe.finding());
        }
        if (!found.equals(refusing)) {
            refusing = found;
            refusals = 0;
        }
        refusals++;
        boolean young = System.currentTimeMillis() - found.changed().toMillis() < YOUNG_MILLIS;
        if (refusals < Math.max(MIN_REFUSALS, young ? 2 : 1)) {
            return false;
        }
        Files.deleteIfExists(path);
        return true;
    }

    private void retry(int delayMillis, String problemAfterTimeout) throws IOException {
        if (System.nanoTime() - deadline >= 0) {
            throw new IOException(problemAfterTimeout);
        }
        // Two that retry must not meet again and again.
        int jitter = ThreadLocalRandom.current().nextInt(RETRY_MILLIS);
        goOnIn(delayMillis + jitter, this);
    }

    private void goOnIn(int delayMillis, Runnable step) {
        if (!waiting) {
            waiting = true;
            // A loop that ends closes the channel and cancels what waits.
            ctx.channel().closeFuture().addListener(future -> promise.tryFailure(new ClosedChannelException()));
        }
        ctx.executor().schedule(step, delayMillis, TimeUnit.MILLISECONDS);
    }

    private void bind(BindLock lock) {
        ChannelFuture bound;
        try {
            rules.restrictToUser(ctx.channel());
            bound = ctx.bind(rules.toTransportAddress(address), ctx.newPromise());
        } catch (Throwable t) {
            lock.close();
            throw t;
        }
        // The transport has bound when the call returns; a handler that was put between it and us may delay the call.
        if (bound.isDone()) {
            complete(bound, lock);
        } else {
            bound.addListener(future -> complete(future, lock));
        }
    }

    private void complete(Future<?> bound, BindLock lock) {
        try (lock) {
            if (bound.isSuccess()) {
                SocketFile made = takeOver();
                if (!lock.isHeld()) {
                    goOnIn(LOOK_AGAIN_MILLIS, () -> lookAgain(made));
                    return;
                }
            }
        } catch (Throwable t) {
            failed(t);
            return;
        }
        completed(bound.cause());
    }

    private SocketFile takeOver() throws IOException {
        SocketFile made = SocketFile.readIfExists(path);
        boolean replaced = made == null || !made.isSocket();
        onBound.accept(new BoundSocket(path, replaced ? null : made, lockFile));
        if (replaced) {
            throw replaced(made);
        }
        SocketMode.apply(path, made, SocketFileAccess.of(ctx.channel()));
        return made;
    }

    /** Without a lock another server may have taken our socket for the stale one that it had found before. */
    private void lookAgain(SocketFile made) {
        try {
            SocketFile found = SocketFile.readIfExists(path);
            if (made.isSameFile(found)) {
                completed(null);
            } else {
                failed(replaced(found));
            }
        } catch (Throwable t) {
            failed(t);
        }
    }

    private static IOException replaced(SocketFile found) {
        return new IOException("somebody has " + (found == null ? "removed" : "replaced") + " the new socket: "
                + "is another server of this path being started?");
    }

    /** Fails after the transport has bound. */
    private void failed(Throwable cause) {
        promise.tryFailure(
                cause instanceof IOException e ? failure(rules, address, RuntimeDirectory.reason(e), e) : cause);
        ctx.channel().close();
    }

    private void completed(Throwable cause) {
        if (cause == null) {
            if (!promise.trySuccess()) {
                ctx.channel().close();
            }
        } else if (cause instanceof IOException e && !(cause instanceof ClosedChannelException)) {
            promise.tryFailure(failure(rules, address, e.getMessage(), e));
        } else {
            promise.tryFailure(cause);
        }
    }

    static BindException failure(SocketFileRules rules, SocketAddress address, String finding, Throwable cause) {
        BindException failure = new BindException("cannot bind to " + rules.describe(address) + ": " + finding);
        failure.initCause(cause);
        return failure;
    }
}
