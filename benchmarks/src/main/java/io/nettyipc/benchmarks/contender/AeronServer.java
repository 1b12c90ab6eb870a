/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import io.nettyipc.benchmarks.transport.Side;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** The media driver, and a thread that sends messages back or counts them, of one client at a time. */
final class AeronServer implements Server {
    private static final int POLLS = 256;

    private final MediaDriver driver;
    private final Aeron aeron;
    private final Subscription echo;
    private final Subscription sink;
    private final Subscription sum;
    private final AeronThread thread;
    /** Null until somebody connects. */
    private AeronPeer peer;

    AeronServer(Path directory) {
        // Messages don't pass through the driver, but its thread moves the limit up to which a publication may be
        // written.
        // It idles as Aeron's does unless told otherwise: a driver that sleeps longer holds the sender up.
        driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
                .aeronDirectoryName(directory.toString())
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.SHARED)
                .termBufferSparseFile(false));
        aeron = Aeron.connect(AeronClient.context(driver.aeronDirectoryName()));
        echo = aeron.addSubscription(AeronContender.CHANNEL, AeronContender.ECHO);
        sink = aeron.addSubscription(AeronContender.CHANNEL, AeronContender.SINK);
        sum = aeron.addSubscription(AeronContender.CHANNEL, AeronContender.SUM);
        thread = new AeronThread("aeron-server", this::poll);
    }

    /** Looks for messages of the one that is connected, or for somebody who connects. */
    private void poll() {
        if (peer != null) {
            peer.poll(POLLS);
            if (peer.hasEnded()) {
                peer.close();
                peer = null;
            }
            return;
        }
        Image image = connected(echo);
        if (image != null) {
            AeronOut answers = answers(image, image.termBufferLength());
            peer = new AeronPeer(image, new FragmentAssembler(sendBack(answers)), answers);
            return;
        }
        image = connected(sink);
        if (image != null) {
            AeronOut answers = answers(image, AeronContender.SMALLEST_TERM);
            peer = new AeronPeer(image, new AeronSink(answers), answers);
            return;
        }
        image = connected(sum);
        if (image != null) {
            AeronOut answers = answers(image, AeronContender.SMALLEST_TERM);
            peer = new AeronPeer(image, AeronFilled.summer(answers), answers);
        }
    }

    private static Image connected(Subscription subscription) {
        return subscription.images().stream()
                .filter(image -> !image.isClosed() && !image.isEndOfStream())
                .findFirst()
                .orElse(null);
    }

    private AeronOut answers(Image messages, int termLength) {
        return new AeronOut(aeron.addExclusivePublication(AeronContender.channel(termLength), messages.sessionId()));
    }

    private static FragmentHandler sendBack(AeronOut answers) {
        return (buffer, offset, length, header) -> {
            try {
                answers.send(buffer, offset, length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    @Override
    public String location() {
        return "0";
    }

    @Override
    public Side side() {
        return thread;
    }

    @Override
    public void close() throws InterruptedException {
        thread.close();
        aeron.close();
        driver.close();
    }
}
