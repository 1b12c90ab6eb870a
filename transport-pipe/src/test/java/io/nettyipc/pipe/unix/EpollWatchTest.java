/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.Future;
import io.nettyipc.base.loop.DescriptorWatch;
import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.LibC;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, disabledReason = "epoll is Linux's")
@Timeout(60)
class EpollWatchTest {
    private static final DescriptorWatch.Listener NOBODY = new DescriptorWatch.Listener() {
        @Override
        public void ready(boolean input, boolean output, boolean gone) {}

        @Override
        public void failed(Throwable cause) {}

        @Override
        public void loopEnds() {}
    };

    private MultiThreadIoEventLoopGroup group;

    @BeforeEach
    void start() {
        assumeTrue(UnixTransport.epoll() != null, "Netty's epoll is not available");
        group = new MultiThreadIoEventLoopGroup(1, UnixTransport.epoll().newIoHandlerFactory());
    }

    @AfterEach
    void stop() {
        if (group != null) {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private Future<DescriptorWatch> watch(Descriptor descriptor) {
        EventLoop loop = group.next();
        Future<DescriptorWatch> watch = loop.submit(() -> DescriptorWatch.start(loop, descriptor, true, false, NOBODY));
        assertTrue(watch.awaitUninterruptibly(20, TimeUnit.SECONDS));
        return watch;
    }

    @Test
    void aRegularFileIsAlwaysReadyAndAPipeIsNot(@TempDir Path directory) throws Exception {
        Path path = Files.writeString(directory.resolve("file"), "x");
        Descriptor file = new Descriptor(Descriptor.tryOpen(path.toString(), LibC.O_RDONLY));
        Descriptor[] pipe = LibC.pipe();

        Future<DescriptorWatch> ofFile = watch(file);
        Future<DescriptorWatch> ofPipe = watch(pipe[0]);

        assertTrue(ofFile.getNow().isAlwaysReady());
        assertFalse(ofPipe.getNow().isAlwaysReady());
        group.submit(() -> {
                    ofFile.getNow().cancel();
                    ofPipe.getNow().cancel();
                })
                .syncUninterruptibly();
        file.close();
        pipe[0].close();
        pipe[1].close();
    }

    /** Nor may it be taken for one that is always ready, which would be asked without end. */
    @Test
    void whatEpollRefusesForAnyOtherReasonFails() {
        Descriptor none = new Descriptor(1_000_000);

        Throwable cause = watch(none).cause();

        assertInstanceOf(IOException.class, cause);
        assertEquals("descriptor 1000000 can't be watched", cause.getMessage());
    }
}
