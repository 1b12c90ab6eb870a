/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.internal.PlatformDependent;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.OpenHandles;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.shm.segment.SystemResources;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * One of two processes is killed, at any moment while data flows both ways: the other reads all that was committed,
 * hears of the end within a second, and has nothing left of it. {@code -Dnettyipc.full=true} kills 504 times (50 on
 * Windows).
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class KilledPeerTest {

    private static final int KILLS = TestSize.of(1, PlatformDependent.isWindows() ? 25 : 84);
    private static final int CONNECTIONS = KilledPeerProgram.CONNECTIONS;
    private static final long MAX_DATA_MILLIS = 100;

    private static final SplittableRandom RANDOM = new SplittableRandom();

    @TempDir
    Path directory;

    /** Started before it is needed: that takes longer than all the rest. */
    private Victim next;

    private long longest;
    private long received;

    @Test
    void aServerOutlivesClientsWithDefaults() throws Exception {
        killClients(ShmDoorbell.EVENT_FD);
    }

    @Test
    void aClientOutlivesServersWithDefaults() throws Exception {
        killServers(ShmDoorbell.EVENT_FD);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is nothing else")
    void aServerOutlivesClientsThatRingByControlBytes() throws Exception {
        killClients(ShmDoorbell.CONTROL_BYTE);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is nothing else")
    void aClientOutlivesServersThatRingByControlBytes() throws Exception {
        killServers(ShmDoorbell.CONTROL_BYTE);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "memory is always a section there")
    void aServerOutlivesClientsWithFiles() throws Exception {
        killClients(ShmDoorbell.EVENT_FD, "-Dio.nettyipc.shm.segment=file");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "memory is always a section there")
    void aClientOutlivesServersWithFiles() throws Exception {
        killServers(ShmDoorbell.EVENT_FD, "-Dio.nettyipc.shm.segment=file");
    }

    private void killClients(ShmDoorbell doorbell, String... options) throws Exception {
        ShmAddress address =
                ShmAddress.of("killed-clients-" + ProcessHandle.current().pid());
        repeat(address, "client", doorbell, options, (group, victim, survivors) -> {
            Channel server = new ServerBootstrap()
                    .group(group)
                    .channel(ShmServerChannel.class)
                    .childOption(ShmChannelOption.SHM_DOORBELL, doorbell)
                    .childHandler(survivors)
                    .bind(address)
                    .sync()
                    .channel();
            victim.begin();
            return server;
        });
    }

    private void killServers(ShmDoorbell doorbell, String... options) throws Exception {
        ShmAddress address =
                ShmAddress.of("killed-servers-" + ProcessHandle.current().pid());
        repeat(address, "server", doorbell, options, (group, victim, survivors) -> {
            victim.begin();
            Bootstrap bootstrap = new Bootstrap()
                    .group(group)
                    .channel(ShmChannel.class)
                    .option(ShmChannelOption.SHM_DOORBELL, doorbell)
                    .handler(survivors);
            for (int i = 0; i < CONNECTIONS; i++) {
                bootstrap.connect(address).sync();
            }
            return null;
        });
    }

    private interface Scene {
        /** Returns what is to be closed after the kill, or {@code null}. */
        Channel begin(EventLoopGroup group, Victim victim, ChannelHandler survivors) throws Exception;
    }

    private void repeat(ShmAddress address, String role, ShmDoorbell doorbell, String[] options, Scene scene)
            throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
        try {
            Leftovers before = null;
            for (int kill = 0; kill <= KILLS; kill++) {
                Victim victim = next != null ? next : new Victim(role, address, doorbell, options);
                next = kill < KILLS ? new Victim(role, address, doorbell, options) : null;
                try (victim) {
                    kill(group, victim, scene);
                }
                // The first is for what is created once, and lets the name be that of a killed server.
                if (kill == 0) {
                    before = Leftovers.now();
                } else {
                    before.assertNotLessThan(Leftovers.now());
                }
            }
            // The file of a killed server is the next one's.
            new ServerBootstrap()
                    .group(group)
                    .channel(ShmServerChannel.class)
                    .childHandler(new EndlessStream(0, bytes -> {}))
                    .bind(address)
                    .sync()
                    .channel()
                    .close()
                    .sync();
            System.out.printf(
                    "%s killed %d times with %d connections: %d MiB received, at most %d ms until the end%n",
                    role, KILLS + 1, CONNECTIONS, received >> 20, longest / 1_000_000);
        } finally {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
            if (next != null) {
                next.close();
            }
        }
    }

    private void kill(EventLoopGroup group, Victim victim, Scene scene) throws Exception {
        Map<Channel, EndlessStream> streams = new ConcurrentHashMap<>();
        CountDownLatch connected = new CountDownLatch(CONNECTIONS);
        Channel server = scene.begin(group, victim, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                EndlessStream stream = new EndlessStream(0, bytes -> {});
                channel.pipeline().addLast(stream);
                streams.put(channel, stream);
                connected.countDown();
            }
        });
        assertTrue(connected.await(30, TimeUnit.SECONDS), "not connected");
        for (EndlessStream stream : streams.values()) {
            assertTrue(stream.begun().await(30, TimeUnit.SECONDS), "nothing comes");
        }
        Thread.sleep(RANDOM.nextLong(MAX_DATA_MILLIS));
        // One of them does not read when it happens, and finds everything later.
        Channel distracted = streams.keySet().iterator().next();
        distracted.config().setAutoRead(false);
        Thread.sleep(RANDOM.nextLong(3));

        victim.kill();
        long killedAt = System.nanoTime();
        long readAt = System.nanoTime();
        distracted.config().setAutoRead(true);
        for (Map.Entry<Channel, EndlessStream> survivor : streams.entrySet()) {
            EndlessStream stream = survivor.getValue();
            assertTrue(stream.ended().await(30, TimeUnit.SECONDS), "never ends");
            long took = stream.endedAt() - (survivor.getKey() == distracted ? readAt : killedAt);
            longest = Math.max(longest, took);
            assertTrue(took < TimeUnit.SECONDS.toNanos(1), "ended after " + took + " ns");
            assertNull(stream.wrong());
            long committed = victim.committed(stream.peersIndex());
            assertTrue(
                    stream.received() >= committed,
                    () -> stream.received() + " bytes received, " + committed + " committed");
            assertEquals(0, stream.writesUnderWay(), "writes without an answer");
            received += stream.received();
        }
        if (server != null) {
            server.close().sync();
        }
        victim.assertNothingLeft();
    }

    /** In the process and in the directories that everybody has. */
    private record Leftovers(SystemResources resources, int handles, List<String> sharedMemory, List<String> names) {

        static Leftovers now() throws IOException {
            return new Leftovers(
                    SystemResources.count(),
                    OpenHandles.count(),
                    ours(Path.of("/dev/shm")),
                    PlatformDependent.isWindows()
                            ? List.of()
                            : ours(Path.of(ShmAddress.of("x").control().path()).getParent()));
        }

        private static List<String> ours(Path directory) throws IOException {
            if (!Files.isDirectory(directory)) {
                return List.of();
            }
            String ownId = Long.toString(ProcessHandle.current().pid());
            try (Stream<Path> files = Files.list(directory)) {
                return files.map(file -> file.getFileName().toString())
                        .filter(name -> name.contains(ownId) || name.endsWith(".ring"))
                        .sorted()
                        .toList();
            }
        }

        void assertNotLessThan(Leftovers now) {
            now.resources.assertNotMoreThan(resources);
            assertTrue(now.handles <= handles, () -> now.handles + " handles are open, " + handles + " were");
            assertEquals(sharedMemory, now.sharedMemory);
            assertEquals(names, now.names);
        }
    }

    /** The other process, with a temporary directory of its own. */
    private final class Victim implements AutoCloseable {

        private final Path temporary;
        private final Path notes;
        private final ChildJvm process;

        Victim(String role, ShmAddress address, ShmDoorbell doorbell, String... options) throws IOException {
            temporary = Files.createTempDirectory(directory, "victim");
            notes = temporary.resolve("notes");
            List<String> allOptions = new ArrayList<>(List.of(options));
            allOptions.add("-Djava.io.tmpdir=" + temporary);
            process = ChildJvm.withOptions(
                    allOptions,
                    KilledPeerProgram.class,
                    role,
                    address.control().path(),
                    doorbell.name(),
                    notes.toString());
        }

        void begin() throws InterruptedException {
            assertEquals("here", process.answer());
            process.tell("begin");
            assertEquals("begun", process.answer());
        }

        void kill() {
            process.kill();
        }

        /** What the process could note before it was killed: it may have committed more. */
        long committed(int connection) throws IOException {
            ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(notes));
            return all.getLong(connection * Long.BYTES);
        }

        void assertNothingLeft() throws IOException {
            try (Stream<Path> files = Files.list(temporary)) {
                assertEquals(
                        List.of(),
                        files.filter(file -> file.getFileName().toString().endsWith(".ring"))
                                .toList());
            }
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
