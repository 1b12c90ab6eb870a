/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.WinNT;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.internal.PlatformDependent;
import io.nettyipc.base.loop.AcceptSignal;
import io.nettyipc.base.loop.CompletionPortIoHandle;
import io.nettyipc.base.loop.CompletionPortIoHandler;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.overlapped.ZeroByteReadOperation;
import io.nettyipc.base.testing.LoggedWarnings;
import io.nettyipc.pipe.NamedPipeAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Faults that an event loop survives. */
@EnabledOnOs(OS.WINDOWS)
@Timeout(120)
class CompletionPortIoHandlerTest extends PipeFixture {

    private static final int DUPLICATE_SAME_ACCESS = 2;

    /** Fails at each of its packets. */
    private static final class Broken implements CompletionPortIoHandle {
        final CompletableFuture<Void> closed = new CompletableFuture<>();
        final Throwable failure;

        Broken(Throwable failure) {
            this.failure = failure;
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            registration.cancel();
            PlatformDependent.throwException(failure);
        }

        @Override
        public void close() {
            closed.complete(null);
        }
    }

    @Test
    void aHandleThatThrowsIsClosedAndTheOthersOfItsLoopGoOn() throws Exception {
        bind(new Echo());
        Recorder recorder = new Recorder();
        Channel channel = connect(recorder);
        NamedPipeAddress other = NamedPipeAddress.of(address.name() + "-2");
        List<Throwable> failures = List.of(new IllegalStateException("from the handle"), new LinkageError("and worse"));
        try (LoggedWarnings warnings = new LoggedWarnings()) {
            for (Throwable failure : failures) {
                Broken broken = new Broken(failure);
                try (RawPipe peer = RawPipe.serve(other, 0, 1);
                        RawPipe ours = RawPipe.connect(other)) {
                    IoRegistration registration =
                            ((IoEventLoop) channel.eventLoop()).register(broken).get();
                    CompletionPortIoHandler handler = registration.attachment();
                    channel.eventLoop()
                            .submit(() -> {
                                assertEquals(0, handler.associate(ours.handle()));
                                registration.submit(new ZeroByteReadOperation(ours.handle(), handler.scratchAddress()));
                            })
                            .sync();
                    peer.write(new byte[] {1});
                    broken.closed.get(30, TimeUnit.SECONDS);
                }
            }
            assertEquals(failures.size(), warnings.messages().size(), warnings.messages()::toString);
            for (int i = 0; i < failures.size(); i++) {
                String warning = warnings.messages().get(i);
                assertTrue(warning.contains(failures.get(i).getMessage()), warning);
            }
        }
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {7})).sync();
        assertArrayEquals(new byte[] {7}, recorder.awaitBytes(1));
    }

    @Test
    void aPortThatIsBrokenIsToldOnceAndNoLoopSpinsOnIt() {
        CompletionPortIoHandler handler = (CompletionPortIoHandler)
                CompletionPortIoHandler.newFactory().newHandler(ImmediateEventExecutor.INSTANCE);
        // Closes the port.
        handler.destroy();
        IoHandlerContext context = new IoHandlerContext() {
            @Override
            public boolean canBlock() {
                return true;
            }

            @Override
            public long delayNanos(long currentTimeNanos) {
                return -1;
            }

            @Override
            public long deadlineNanos() {
                return -1;
            }
        };
        try (LoggedWarnings warnings = new LoggedWarnings()) {
            long start = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                assertEquals(0, handler.run(context));
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertTrue(millis >= 150, "20 looks in " + millis + " ms");
            assertEquals(1, warnings.messages().size(), warnings.messages()::toString);
            String warning = warnings.messages().get(0);
            assertTrue(warning.contains("GetQueuedCompletionStatusEx: ERROR_INVALID_HANDLE (6)"), warning);
        }
    }

    @Test
    void aWaitForClientsThatFailsIsTold() throws Exception {
        try (LoggedWarnings warnings = new LoggedWarnings()) {
            AcceptSignal signal = new AcceptSignal(() -> {}, "nettyipc-test-signal");
            Thread.sleep(100);
            long second = duplicate(signal.event());
            // The thread still waits on the event; its next wait has no handle.
            Kernel32.CloseHandle(signal.event());
            Kernel32.SetEvent(second);
            for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                    warnings.messages().isEmpty(); ) {
                assertTrue(System.nanoTime() < end, "nothing was logged");
                Thread.sleep(5);
            }
            String warning = warnings.messages().get(0);
            assertTrue(warning.contains("WaitForSingleObject: ERROR_INVALID_HANDLE (6)"), warning);
            Kernel32.CloseHandle(second);
        }
    }

    private static long duplicate(long handle) {
        WinNT.HANDLE process = com.sun.jna.platform.win32.Kernel32.INSTANCE.GetCurrentProcess();
        WinNT.HANDLEByReference second = new WinNT.HANDLEByReference();
        assertTrue(com.sun.jna.platform.win32.Kernel32.INSTANCE.DuplicateHandle(
                process, new WinNT.HANDLE(new Pointer(handle)), process, second, 0, false, DUPLICATE_SAME_ACCESS));
        return Pointer.nativeValue(second.getValue().getPointer());
    }
}
