/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.base.os.DirectMemory;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.NtDll;
import io.nettyipc.base.os.Overlapped;
import io.nettyipc.base.os.Win32Error;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Netty's {@link IoHandler} over one I/O completion port: the loop blocks in {@code GetQueuedCompletionStatusEx}, each
 * finished operation is one packet, and a packet leads to the {@link OverlappedOperation} it belongs to, never to a
 * channel that may be gone by then.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/fileio/i-o-completion-ports">I/O Completion Ports</a>
 */
public final class CompletionPortIoHandler implements IoHandler {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(CompletionPortIoHandler.class);

    /** How long the end of a loop waits for operations that were cancelled; they end at once on a healthy system. */
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Handlers with operations in flight after {@link #DRAIN_NANOS}: kept, since the kernel may yet write there. */
    private static final Queue<Object> LOST = new ConcurrentLinkedQueue<>();

    private static final int AWAKE = 0;
    private static final int ASLEEP = 1;

    private final ThreadAwareExecutor executor;
    private final CompletionPort port;
    private final CompletionPackets packets = new CompletionPackets();
    /** Where a zero-byte read may point. */
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(Long.BYTES);

    public final Overlapped.Pool overlappedPool = new Overlapped.Pool();
    private final WriteOperations writeOperations = new WriteOperations();
    private ImmediateReads immediateReads;
    private final LongObjectHashMap<OverlappedOperation> inFlight = new LongObjectHashMap<>();
    private final Set<CompletionPortRegistration> registrations = Collections.newSetFromMap(new IdentityHashMap<>());
    private final ListeningServers listeningServers;
    private final AtomicInteger state = new AtomicInteger(AWAKE);

    /**
     * Opens its port.
     *
     * @param threads how many threads take packets from it
     */
    CompletionPortIoHandler(ThreadAwareExecutor executor, int threads) {
        this.executor = executor;
        port = new CompletionPort(threads);
        listeningServers = new ListeningServers(port, executor, overlappedPool);
    }

    /** A factory for {@link io.netty.channel.MultiThreadIoEventLoopGroup}. */
    public static IoHandlerFactory newFactory() {
        return new IoHandlerFactory() {
            @Override
            public IoHandler newHandler(ThreadAwareExecutor ioExecutor) {
                return new CompletionPortIoHandler(ioExecutor, 1);
            }

            // Overlapped operations outside the port, those of listening instances, end with the thread that began
            // them.
            @Override
            public boolean isChangingThreadSupported() {
                return false;
            }
        };
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return CompletionPortIoHandle.class.isAssignableFrom(handleType);
    }

    @Override
    public IoRegistration register(IoHandle handle) {
        if (!(handle instanceof CompletionPortIoHandle pipe)) {
            throw new IllegalArgumentException(
                    "not a handle of a completion port: " + handle.getClass().getName()
                            + "; channels for this event loop are NamedPipe.channelType() and"
                            + " NamedPipe.serverChannelType(); one of NamedPipe.newIoHandlerFactory("
                            + "NioIoHandler.newFactory()) serves NIO's too");
        }
        CompletionPortRegistration registration = new CompletionPortRegistration(this, pipe);
        registrations.add(registration);
        registration.registered();
        return registration;
    }

    void remove(CompletionPortRegistration registration) {
        registrations.remove(registration);
        listeningServers.remove(registration);
    }

    /**
     * Gives a pipe's handle to this loop, for as long as the handle lives.
     *
     * @return {@link Win32Error#SUCCESS} or the error
     */
    public int associate(long handle) {
        return port.associate(handle);
    }

    int start(OverlappedOperation operation, CompletionPortRegistration registration) {
        Overlapped overlapped = overlappedPool.acquire();
        overlapped.reset(0);
        int result = operation.start(overlapped.address());
        if (result == Win32Error.SUCCESS || result == Win32Error.IO_PENDING || result == Win32Error.MORE_DATA) {
            operation.overlapped = overlapped;
            operation.registration = registration;
            inFlight.put(key(overlapped.address()), operation);
        } else {
            overlappedPool.release(overlapped);
        }
        return result;
    }

    /** Structures are a cache line apart: without the shift the map's slots would collide. */
    private static long key(long overlappedAddress) {
        return overlappedAddress >>> 6;
    }

    /** Returns this loop's reads of what is there already. */
    public ImmediateReads immediateReads() {
        if (immediateReads == null) {
            immediateReads = new ImmediateReads();
        }
        return immediateReads;
    }

    /** Returns this loop's servers that wait for clients. */
    public ListeningServers listeningServers() {
        return listeningServers;
    }

    /** Returns this loop's write operations. */
    public WriteOperations writeOperations() {
        return writeOperations;
    }

    /** Where a zero-byte read may point. */
    public long scratchAddress() {
        return DirectMemory.addressOf(scratch);
    }

    /** Runs something on the loop, at once if this is its thread; here if the loop has ended. */
    public void runOnLoop(Runnable task) {
        if (executor.isExecutorThread(Thread.currentThread())) {
            task.run();
            return;
        }
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    @Override
    public int run(IoHandlerContext context) {
        int timeoutMillis = 0;
        if (context.canBlock()) {
            state.set(ASLEEP);
            // A task added before the line above had no reason to wake the loop: look again.
            if (context.canBlock()) {
                timeoutMillis = timeoutMillis(context);
            } else {
                state.set(AWAKE);
            }
        }
        packets.take(port, timeoutMillis);
        state.lazySet(AWAKE);
        return dispatch(context, packets);
    }

    /** As {@link #run} does, without waiting. */
    int poll(IoHandlerContext context) {
        return packets.take(port, 0) == 0 ? 0 : dispatch(context, packets);
    }

    /** Whether packets can come: there are channels, or operations of one that has gone. */
    boolean isInUse() {
        return !registrations.isEmpty() || isAnythingInFlight();
    }

    /** Makes what waits at the port in this handler's place. */
    CompletionPortWatch newWatch(Runnable wakeup) {
        return new CompletionPortWatch(port, wakeup);
    }

    private static int timeoutMillis(IoHandlerContext context) {
        if (context.deadlineNanos() == -1) {
            return Kernel32.INFINITE;
        }
        long nanos = context.delayNanos(System.nanoTime());
        // Rounded up: waking before the deadline would only mean a second wait.
        return nanos <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, (nanos + 999_999) / 1_000_000);
    }

    /** Tells the handles what the packets say, and the context how long it took. */
    int dispatch(IoHandlerContext context, CompletionPackets packets) {
        if (!context.shouldReportActiveIoTime()) {
            return dispatch(packets);
        }
        long start = System.nanoTime();
        int handled = dispatch(packets);
        context.reportActiveIoTime(System.nanoTime() - start);
        return handled;
    }

    int dispatch(CompletionPackets packets) {
        int handled = 0;
        boolean accept = false;
        for (int i = 0; i < packets.count(); i++) {
            long overlappedAddress = packets.overlappedAddress(i);
            if (overlappedAddress == 0) {
                accept |= packets.key(i) == CompletionPort.KEY_ACCEPT;
                continue;
            }
            OverlappedOperation operation = inFlight.remove(key(overlappedAddress));
            if (operation == null) {
                logger.error("A completion packet names an operation that nobody started: {}", overlappedAddress);
                continue;
            }
            CompletionPortRegistration registration = operation.registration;
            try {
                finish(operation, packets.transferred(i));
                registration.dispatch(operation);
            } catch (Throwable t) {
                registration.failed(t);
            }
            handled++;
        }
        if (accept) {
            handled += listeningServers.look();
        }
        return handled;
    }

    /** Takes the outcome of an operation and gives its structure back. */
    private void finish(OverlappedOperation operation, int transferred) {
        Overlapped overlapped = operation.overlapped;
        int status = overlapped.status();
        operation.overlapped = null;
        operation.registration = null;
        overlappedPool.release(overlapped);
        operation.completed(status == 0 ? 0 : NtDll.RtlNtStatusToDosError(status), transferred);
    }

    @Override
    public void wakeup() {
        if (!executor.isExecutorThread(Thread.currentThread()) && state.compareAndSet(ASLEEP, AWAKE)) {
            port.post(CompletionPort.KEY_WAKEUP);
        }
    }

    @Override
    public void prepareToDestroy() {
        for (CompletionPortRegistration registration : List.copyOf(registrations)) {
            registration.tryClose();
        }
    }

    /**
     * A loop that is told to end without a quiet period may come to {@link #destroy()} without
     * {@link #prepareToDestroy()}, but it runs these hooks, and at a time when the channels can still tell their
     * handlers.
     */
    @Override
    public void initialize() {
        if (executor instanceof SingleThreadEventExecutor loop) {
            loop.addShutdownHook(this::prepareToDestroy);
        }
    }

    @Override
    public void destroy() {
        prepareToDestroy();
        listeningServers.close();
        long deadline = System.nanoTime() + DRAIN_NANOS;
        while (isAnythingInFlight() && System.nanoTime() - deadline < 0) {
            packets.take(port, 10);
            dispatch(packets);
        }
        if (isAnythingInFlight()) {
            logger.error("{} operations didn't end after their cancellation; their memory is kept.", inFlight.size());
            LOST.add(this);
        }
        port.close();
        if (immediateReads != null) {
            immediateReads.close();
        }
    }

    private boolean isAnythingInFlight() {
        return !inFlight.isEmpty() || listeningServers.hasAbandoned();
    }
}
