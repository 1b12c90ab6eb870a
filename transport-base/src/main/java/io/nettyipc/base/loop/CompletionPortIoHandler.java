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
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Netty's {@link IoHandler} over one I/O completion port: the loop blocks in {@code GetQueuedCompletionStatusEx}, each
 * finished operation is one packet, and a packet leads to the {@link OverlappedOperation} it belongs to, never to a
 * channel that may be gone by then.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/fileio/i-o-completion-ports">I/O Completion Ports</a>
 */
public final class CompletionPortIoHandler implements IoHandler {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(CompletionPortIoHandler.class);

    private static final AtomicInteger NEXT_ID = new AtomicInteger();

    /** How long the end of a loop waits for operations that were cancelled; they end at once on a healthy system. */
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** What is still in flight after {@link #DRAIN_NANOS}: never freed, since the kernel may yet write to it. */
    private static final Queue<Object> LOST = new ConcurrentLinkedQueue<>();

    /*
     * OVERLAPPED_ENTRY, 32 bytes each:
     *    0  lpCompletionKey   KEY_WAKEUP, KEY_ACCEPT, or KEY_OPERATION
     *    8  lpOverlapped      address of the finished operation's OVERLAPPED
     *   16  Internal          (reserved)
     *   24  dwNumberOfBytesTransferred
     */
    private static final int ENTRY_SIZE = 32;
    private static final int ENTRY_OVERLAPPED = 8;
    private static final int ENTRY_BYTES = 24;
    private static final int MAX_ENTRIES = 128;

    private static final long KEY_OPERATION = 0;
    private static final long KEY_WAKEUP = 1;
    private static final long KEY_ACCEPT = 2;

    /** Between two looks at a port that is broken, and between two lines in the log about it. */
    private static final long PORT_FAILURE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long PORT_FAILURE_LOG_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final int AWAKE = 0;
    private static final int ASLEEP = 1;

    private final ThreadAwareExecutor executor;
    private final int id = NEXT_ID.getAndIncrement();
    private final long port;
    private final ByteBuffer entries;
    private final long entriesAddress;
    private final ByteBuffer scratch;
    private final long scratchAddress;

    public final Overlapped.Pool overlappedPool = new Overlapped.Pool();
    private final WriteOperations writeOperations = new WriteOperations();
    private ImmediateReads immediateReads;
    private final LongObjectHashMap<OverlappedOperation> inFlight = new LongObjectHashMap<>();
    private final Set<CompletionPortRegistration> registrations = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<CompletionPortRegistration> listeners = new ArrayList<>();
    private final List<Overlapped> abandoned = new ArrayList<>();

    private boolean lookScheduled;

    private AcceptSignal acceptSignal;
    private long nextPortFailureLogNanos = System.nanoTime();

    private final AtomicInteger state = new AtomicInteger(AWAKE);
    private final AtomicInteger posters = new AtomicInteger();
    private volatile boolean closed;

    private CompletionPortIoHandler(ThreadAwareExecutor executor) {
        this.executor = executor;
        port = Kernel32.CreateIoCompletionPort(Kernel32.INVALID_HANDLE_VALUE, 0, 0, 1);
        if (port == 0) {
            throw new IllegalStateException(Win32Error.last().describe("CreateIoCompletionPort"));
        }
        entries = ByteBuffer.allocateDirect(ENTRY_SIZE * MAX_ENTRIES).order(ByteOrder.LITTLE_ENDIAN);
        entriesAddress = DirectMemory.addressOf(entries);
        scratch = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        scratchAddress = DirectMemory.addressOf(scratch);
    }

    /** A factory for {@link io.netty.channel.MultiThreadIoEventLoopGroup}. */
    public static IoHandlerFactory newFactory() {
        return new IoHandlerFactory() {
            @Override
            public IoHandler newHandler(ThreadAwareExecutor ioExecutor) {
                return new CompletionPortIoHandler(ioExecutor);
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
                            + " NamedPipe.serverChannelType()");
        }
        CompletionPortRegistration registration = new CompletionPortRegistration(this, pipe);
        registrations.add(registration);
        registration.registered();
        return registration;
    }

    void remove(CompletionPortRegistration registration) {
        registrations.remove(registration);
        listeners.remove(registration);
    }

    /**
     * Gives a pipe's handle to this loop, for as long as the handle lives.
     *
     * @return {@link Win32Error#SUCCESS} or the error
     */
    public int associate(long handle) {
        return Kernel32.CreateIoCompletionPort(handle, port, KEY_OPERATION, 0) == 0
                ? Win32Error.last().code()
                : 0;
    }

    /** From now on the registration gets {@link AcceptSignal.Event} when an instance that uses the event connects. */
    public long listen(CompletionPortRegistration registration) throws IOException {
        if (acceptSignal == null) {
            acceptSignal = new AcceptSignal(this, "nettyipc-pipe-accept-" + id);
        }
        if (!listeners.contains(registration)) {
            listeners.add(registration);
        }
        return acceptSignal.event();
    }

    /**
     * A listening instance has been started, which reset the event that it shares with those of other servers: one of
     * theirs may have signalled just before. Each server looks at its own by itself.
     */
    public void listeningStarted() {
        if (listeners.size() > 1 && !lookScheduled) {
            lookScheduled = true;
            executor.execute(this::lookAtListeners);
        }
    }

    private void lookAtListeners() {
        lookScheduled = false;
        dispatchAccept();
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

    /** Returns this loop's write operations. */
    public WriteOperations writeOperations() {
        return writeOperations;
    }

    /** Where a zero-byte read may point. */
    public long scratchAddress() {
        return scratchAddress;
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

    /** Takes over the structure of a cancelled listening instance until the kernel has let go of it. */
    public void abandon(Overlapped overlapped) {
        if (overlapped.isPending()) {
            abandoned.add(overlapped);
        } else {
            overlappedPool.release(overlapped);
        }
    }

    private void collectAbandoned() {
        for (Iterator<Overlapped> i = abandoned.iterator(); i.hasNext(); ) {
            Overlapped overlapped = i.next();
            if (!overlapped.isPending()) {
                i.remove();
                overlappedPool.release(overlapped);
            }
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
        int packets = dequeue(timeoutMillis);
        state.lazySet(AWAKE);
        if (!context.shouldReportActiveIoTime()) {
            return dispatch(packets);
        }
        long start = System.nanoTime();
        int handled = dispatch(packets);
        context.reportActiveIoTime(System.nanoTime() - start);
        return handled;
    }

    private static int timeoutMillis(IoHandlerContext context) {
        if (context.deadlineNanos() == -1) {
            return Kernel32.INFINITE;
        }
        long nanos = context.delayNanos(System.nanoTime());
        // Rounded up: waking before the deadline would only mean a second wait.
        return nanos <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, (nanos + 999_999) / 1_000_000);
    }

    private int dequeue(int timeoutMillis) {
        if (Kernel32.GetQueuedCompletionStatusEx(
                port, entriesAddress, MAX_ENTRIES, scratchAddress, timeoutMillis, false)) {
            return scratch.getInt(0);
        }
        Win32Error error = Win32Error.last();
        if (error.code() != Win32Error.WAIT_TIMEOUT) {
            portFailed(error);
        }
        return 0;
    }

    /**
     * Only a fault can close a port that is in use. Its channels are lost, but the loop's tasks go on, at a slow pace.
     */
    private void portFailed(Win32Error error) {
        long now = System.nanoTime();
        if (now - nextPortFailureLogNanos >= 0) {
            nextPortFailureLogNanos = now + PORT_FAILURE_LOG_NANOS;
            logger.error("{}: this event loop gets no packets any more", error.describe("GetQueuedCompletionStatusEx"));
        }
        LockSupport.parkNanos(PORT_FAILURE_PAUSE_NANOS);
    }

    private int dispatch(int packets) {
        int handled = 0;
        boolean accept = false;
        for (int i = 0; i < packets; i++) {
            int entry = i * ENTRY_SIZE;
            long overlappedAddress = entries.getLong(entry + ENTRY_OVERLAPPED);
            if (overlappedAddress == 0) {
                accept |= entries.getLong(entry) == KEY_ACCEPT;
                continue;
            }
            OverlappedOperation operation = inFlight.remove(key(overlappedAddress));
            if (operation == null) {
                logger.error("A completion packet names an operation that nobody started: {}", overlappedAddress);
                continue;
            }
            CompletionPortRegistration registration = operation.registration;
            try {
                finish(operation, entries.getInt(entry + ENTRY_BYTES));
                registration.dispatch(operation);
            } catch (Throwable t) {
                failed(registration, t);
            }
            handled++;
        }
        if (accept) {
            handled += dispatchAccept();
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

    private int dispatchAccept() {
        acceptSignal.received();
        collectAbandoned();
        if (listeners.isEmpty()) {
            return 0;
        }
        List<CompletionPortRegistration> copy = List.copyOf(listeners);
        for (CompletionPortRegistration registration : copy) {
            try {
                registration.dispatch(AcceptSignal.Event.INSTANCE);
            } catch (Throwable t) {
                failed(registration, t);
            }
        }
        return copy.size();
    }

    /** A handle's fault ends that handle, not the loop that others live on. */
    private static void failed(CompletionPortRegistration registration, Throwable cause) {
        logger.warn("Unexpected exception in an event loop, closing the channel it came from.", cause);
        try {
            registration.close();
        } catch (Throwable t) {
            logger.warn("Failed to close a channel.", t);
        }
    }

    @Override
    public void wakeup() {
        if (!executor.isExecutorThread(Thread.currentThread()) && state.compareAndSet(ASLEEP, AWAKE)) {
            post(KEY_WAKEUP);
        }
    }

    void postAccept() {
        post(KEY_ACCEPT);
    }

    /** Never posts to a port that is closed: its handle's value may be another object's by then. */
    private void post(long key) {
        posters.incrementAndGet();
        try {
            if (!closed && !Kernel32.PostQueuedCompletionStatus(port, 0, key, 0)) {
                logger.error(
                        "{}: an event loop can't be woken", Win32Error.last().describe("PostQueuedCompletionStatus"));
            }
        } finally {
            posters.decrementAndGet();
        }
    }

    @Override
    public void prepareToDestroy() {
        for (CompletionPortRegistration registration : List.copyOf(registrations)) {
            try {
                registration.close();
            } catch (Throwable t) {
                logger.warn("Failed to close a channel.", t);
            }
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
        if (acceptSignal != null) {
            acceptSignal.close();
        }
        long deadline = System.nanoTime() + DRAIN_NANOS;
        collectAbandoned();
        while (!(inFlight.isEmpty() && abandoned.isEmpty()) && System.nanoTime() - deadline < 0) {
            dispatch(dequeue(10));
            collectAbandoned();
        }
        if (!(inFlight.isEmpty() && abandoned.isEmpty())) {
            logger.error("{} operations didn't end after their cancellation; their memory is kept.", inFlight.size());
            LOST.add(this);
        }
        closed = true;
        while (posters.get() != 0) {
            Thread.onSpinWait();
        }
        Kernel32.CloseHandle(port);
        if (immediateReads != null) {
            immediateReads.close();
        }
    }
}
