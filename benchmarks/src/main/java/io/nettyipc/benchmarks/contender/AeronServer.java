/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import java.io.IOException;
import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/** The media driver, and a thread that sends messages back or counts them. */
final class AeronServer implements Server {
    private static final int FRAGMENTS = 64;

    private final MediaDriver driver;
    private final Aeron aeron;
    private final Subscription echo;
    private final Subscription sink;
    private final Publication echoed;
    private final Publication counted;
    private final FragmentHandler onEcho = new FragmentAssembler(this::onEcho);
    private final FragmentHandler onSink = new FragmentAssembler(this::onSink);
    private final UnsafeBuffer count = new UnsafeBuffer(new byte[Long.BYTES]);
    private final AeronThread thread;
    private long received;

    AeronServer(Path directory) {
        // IPC messages don't pass through the driver; it only introduces the two ends to each other.
        driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
                .aeronDirectoryName(directory.toString())
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(new SleepingMillisIdleStrategy(5))
                .ipcTermBufferLength(AeronContender.TERM)
                .ipcMtuLength(64 * 1024 - 32));
        aeron = Aeron.connect(AeronClient.context(driver.aeronDirectoryName()));
        echo = aeron.addSubscription(AeronContender.CHANNEL, AeronContender.ECHO);
        sink = aeron.addSubscription(AeronContender.CHANNEL, AeronContender.SINK);
        echoed = aeron.addExclusivePublication(AeronContender.CHANNEL, AeronContender.ECHOED);
        counted = aeron.addExclusivePublication(AeronContender.CHANNEL, AeronContender.COUNTED);
        thread = new AeronThread("aeron-server", () -> {
            echo.poll(onEcho, FRAGMENTS);
            sink.poll(onSink, FRAGMENTS);
        });
    }

    private void onEcho(DirectBuffer buffer, int offset, int length, Header header) {
        offer(echoed, buffer, offset, length);
    }

    private void onSink(DirectBuffer buffer, int offset, int length, Header header) {
        received += length;
        if (buffer.getByte(offset) != 0) {
            count.putLong(0, received);
            received = 0;
            offer(counted, count, 0, Long.BYTES);
        }
    }

    /** Sends, as soon as there is room. */
    private static void offer(Publication publication, DirectBuffer buffer, int offset, int length) {
        while (publication.offer(buffer, offset, length) < 0 && !publication.isClosed()) {
            Thread.onSpinWait();
        }
    }

    @Override
    public String location() {
        return "0";
    }

    @Override
    public Counters resume() {
        return thread.resume();
    }

    @Override
    public Counters pause() throws IOException, InterruptedException {
        return thread.pause();
    }

    @Override
    public long threadId() {
        return thread.threadId();
    }

    @Override
    public void close() throws InterruptedException {
        echoed.close();
        counted.close();
        thread.close();
        aeron.close();
        driver.close();
    }
}
