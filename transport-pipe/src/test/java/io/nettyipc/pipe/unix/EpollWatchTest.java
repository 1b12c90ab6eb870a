/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.Future;
import io.nettyipc.base.loop.DescriptorEvents;
import io.nettyipc.base.loop.DescriptorWatch;
import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.LibC;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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

    /** What an event loop tells of a descriptor, and how it is told. */
    private interface Telling {
        Runnable start(EventLoop loop, int descriptor, Runnable ended) throws IOException;
    }

    private static Runnable watch(EventLoop loop, int descriptor, Runnable ended) throws IOException {
        DescriptorWatch.Listener listener = new DescriptorWatch.Listener() {
            @Override
            public void ready(boolean input, boolean output, boolean gone) {
                if (gone) {
                    ended.run();
                }
            }

            @Override
            public void failed(Throwable cause) {}

            @Override
            public void loopEnds() {}
        };
        return DescriptorWatch.start(loop, new Descriptor(descriptor), true, false, listener)::cancel;
    }

    private static Runnable events(EventLoop loop, int descriptor, Runnable ended) throws IOException {
        DescriptorEvents.Listener listener = new DescriptorEvents.Listener() {
            @Override
            public void readable(boolean peerEnded) {
                if (peerEnded) {
                    ended.run();
                }
            }

            @Override
            public void failed(IOException cause) {}

            @Override
            public void loopEnds() {}
        };
        return DescriptorEvents.start((IoEventLoop) loop, descriptor, listener)::cancel;
    }

    @Test
    void theEndOfAWatchedDescriptorIsNotThatOfTheNextWithItsNumber() throws Exception {
        endsOnce(EpollWatchTest::watch);
    }

    @Test
    void theEndThatEventsTellIsNotThatOfTheNextDescriptorWithTheNumber() throws Exception {
        endsOnce(EpollWatchTest::events);
    }

    /** Two sockets end in one turn of the loop. What it does for the first gives the second's number to a third. */
    private void endsOnce(Telling telling) throws Exception {
        EventLoop loop = group.next();
        try (SocketPairs pairs = new SocketPairs()) {
            Socket[] first = pairs.connect();
            Socket[] second = pairs.connect();
            Socket[] third = pairs.connect();
            int number = second[0].intValue();
            CompletableFuture<Void> replaced = new CompletableFuture<>();
            CompletableFuture<Void> thirdEnded = new CompletableFuture<>();
            Runnable[] cancel = new Runnable[3];
            loop.submit(() -> {
                        cancel[1] = telling.start(loop, number, () -> {});
                        cancel[0] = telling.start(loop, first[0].intValue(), () -> {
                            cancel[0].run();
                            cancel[1].run();
                            try {
                                assertEquals(number, LibC.dup2(third[0].intValue(), number));
                                cancel[2] = telling.start(loop, number, () -> thirdEnded.complete(null));
                                replaced.complete(null);
                            } catch (IOException | RuntimeException | Error e) {
                                replaced.completeExceptionally(e);
                            }
                        });
                        return null;
                    })
                    .sync();
            // While the loop does something else.
            loop.submit(() -> {
                        first[1].close();
                        second[1].close();
                        return null;
                    })
                    .sync();

            replaced.get(20, TimeUnit.SECONDS);
            for (int turn = 0; turn < 3; turn++) {
                loop.submit(() -> {}).sync();
            }
            assertFalse(thirdEnded.isDone(), "told of the end of another");
            third[1].close();
            thirdEnded.get(20, TimeUnit.SECONDS);
            loop.submit(cancel[2]).sync();
        }
    }

    /** Connected Unix sockets. */
    private static final class SocketPairs implements AutoCloseable {
        private final List<Socket> all = new ArrayList<>();
        private final Path path;
        private final Socket listener = Socket.newSocketDomain();

        SocketPairs() throws IOException {
            path = Files.createTempDirectory("pairs").resolve("socket");
            listener.bind(new DomainSocketAddress(path.toString()));
            listener.listen(4);
            all.add(listener);
        }

        Socket[] connect() throws IOException {
            Socket client = Socket.newSocketDomain();
            client.connect(new DomainSocketAddress(path.toString()));
            Socket accepted = new Socket(listener.accept(new byte[128]));
            all.add(client);
            all.add(accepted);
            return new Socket[] {client, accepted};
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : all) {
                socket.close();
            }
            Files.delete(path);
            Files.delete(path.getParent());
        }
    }
}
