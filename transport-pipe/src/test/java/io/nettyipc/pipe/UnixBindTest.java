/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.DomainSocketAddress;
import io.nettyipc.base.os.Platform;
import io.nettyipc.base.os.RuntimeDirectory;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.pipe.unix.UnixTransport;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What binding and closing a server does to files. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
@ParameterizedClass
@MethodSource("io.nettyipc.pipe.UnixTransports#all")
class UnixBindTest {
    @Parameter
    UnixTransport transport;

    @TempDir
    Path directory;

    private PipeFixture fixture;

    private PipeFixture pipes() {
        if (fixture == null) {
            fixture = new PipeFixture(transport);
        }
        return fixture;
    }

    @AfterEach
    void stop() {
        if (fixture != null) {
            fixture.close();
        }
    }

    private static long openDescriptors() throws IOException {
        try (var descriptors = Files.list(Path.of(OS.LINUX.isCurrentOs() ? "/proc/self/fd" : "/dev/fd"))) {
            return descriptors.count();
        }
    }

    /** Both ends refuse: the client, because the server could be anybody's. */
    private void assertUnsafe(String... parts) throws IOException {
        NamedPipeAddress address = addressBelow(directory);
        assertRefused(address, parts);
        Throwable e = PipeFixture.cause(pipes().connect(address));
        assertInstanceOf(ConnectException.class, e);
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), () -> "'" + part + "' is not in: " + e.getMessage());
        }
    }

    private BindException assertRefused(NamedPipeAddress address, String... parts) {
        BindException e = assertInstanceOf(BindException.class, PipeFixture.cause(pipes().listen(address)));
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), () -> "'" + part + "' is not in: " + e.getMessage());
        }
        return e;
    }

    private NamedPipeAddress addressBelow(Path runtimeDirectory) throws IOException {
        return NamedPipeAddress.of(
                "orders", Platform.current(), RuntimeDirectory.locate(runtimeDirectory.toString(), "/tmp", userId()));
    }

    private int userId() throws IOException {
        return (int) Files.getAttribute(directory, "unix:uid");
    }

    private static ServerSocketChannel otherServer(Path path, int backlog) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path), backlog);
    }

    private static void assertReaches(ServerSocketChannel server, Path path) throws IOException {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            // Probes may be queued before it.
            for (; ; ) {
                try (SocketChannel accepted = server.accept()) {
                    accepted.configureBlocking(false);
                    client.write(ByteBuffer.wrap(new byte[] {42}));
                    ByteBuffer data = ByteBuffer.allocate(1);
                    if (accepted.read(data) == 1) {
                        assertEquals(42, data.get(0));
                        return;
                    }
                }
            }
        }
    }

    private static List<SocketChannel> fillBacklog(Path path) throws IOException {
        List<SocketChannel> waiting = new ArrayList<>();
        for (; ; ) {
            SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
            socket.configureBlocking(false);
            try {
                socket.connect(UnixDomainSocketAddress.of(path));
                waiting.add(socket);
            } catch (IOException full) {
                socket.close();
                return waiting;
            }
        }
    }

    private void assertOnlyFile(Path path) throws IOException {
        try (var files = Files.list(path.getParent())) {
            assertEquals(
                    List.of(path),
                    files.filter(file -> !file.toString().endsWith(".lock")).toList());
        }
    }

    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Nested
    class Addresses {
        @Test
        void bindByNameEchoesWithEverySpelling() throws Exception {
            String name = PipeFixture.newName();
            Channel server = pipes().listening(NamedPipeAddress.of(name));
            for (String spelling : List.of(
                    name,
                    "\\\\.\\pipe\\" + name,
                    "\\\\?\\pipe\\" + name,
                    "//./pipe/" + name,
                    "npipe:////./pipe/" + name,
                    NamedPipeAddress.of(name).path(),
                    "unix://" + NamedPipeAddress.of(name).path())) {
                pipes().assertEchoes(NamedPipeAddress.of(spelling));
            }
            server.close().sync();
        }

        @Test
        void nettysAndTheJdksAddressesWorkToo() throws Exception {
            Path path = directory.resolve("s");
            for (SocketAddress address :
                    List.of(new DomainSocketAddress(path.toString()), UnixDomainSocketAddress.of(path))) {
                Channel server = pipes().listening(address);
                pipes().assertEchoes(new DomainSocketAddress(path.toString()));
                pipes().assertEchoes(UnixDomainSocketAddress.of(path));
                server.close().sync();
            }
        }

        @Test
        void aPathThatIsNoFilesIsRefused() {
            for (String path : List.of("\0" + PipeFixture.newName(), directory + "/\ud800")) {
                BindException e = assertInstanceOf(
                        BindException.class, PipeFixture.cause(pipes().listen(new DomainSocketAddress(path))));
                assertTrue(e.getMessage().contains("the path "), e.getMessage());
            }
        }

        @Test
        void aMissingDirectoryOfASocketPathIsNamed() throws Exception {
            Path path = directory.resolve("missing").resolve("s");
            assertRefused(NamedPipeAddress.of(path.toString()), "no directory " + path.getParent(), "create it");
            assertFalse(exists(path.getParent()));
        }

        @Test
        void thePathMayHaveAllTheBytesTheKernelAllows() throws Exception {
            // The JDK allows one byte less than the kernel.
            int limit = Platform.current().maxSocketPathBytes() - (transport == UnixTransport.nio() ? 1 : 0);
            Path path =
                    directory.resolve("x".repeat(limit - directory.toString().length() - 1));
            assertEquals(limit, path.toString().length());
            Channel server = pipes().listening(NamedPipeAddress.of(path.toString()));
            pipes().assertEchoes(NamedPipeAddress.of(path.toString()));
            server.close().sync();
            assertFalse(exists(path));
            if (transport == UnixTransport.nio()) {
                assertRefused(NamedPipeAddress.of(path + "x"), "too long");
            }
        }

        @Test
        void bindingABoundChannelAgainFailsAndItKeepsListening() throws Exception {
            NamedPipeAddress address = PipeFixture.newAddress();
            Channel server = pipes().listening(address);
            Throwable e = PipeFixture.cause(server.bind(PipeFixture.newAddress()));
            assertInstanceOf(BindException.class, e);
            assertTrue(e.getMessage().contains("bound to " + address.path() + " already"), e.getMessage());
            pipes().assertEchoes(address);
            server.close().sync();
        }

        @Test
        void bindingAClosedChannelFails() throws Exception {
            Channel server = pipes().server(new ChannelInboundHandlerAdapter())
                    .register()
                    .sync()
                    .channel();
            server.close().sync();
            assertInstanceOf(ClosedChannelException.class, PipeFixture.cause(server.bind(PipeFixture.newAddress())));
        }

        @Test
        void anAddressOfAnotherKindIsRefused() {
            Throwable e = PipeFixture.cause(pipes().listen(new InetSocketAddress(0)));
            assertInstanceOf(IllegalArgumentException.class, e);
            assertTrue(
                    e.getMessage().contains("InetSocketAddress")
                            && e.getMessage().contains("NamedPipeAddress"),
                    e.getMessage());
        }
    }

    /** A path that is taken, stale, or something else. */
    @Nested
    class SocketsThatExist {
        /** A network's or virtual machine's file system may refuse it; what is there in its place shows as much. */
        @Test
        void aBindGoesOnWhereNoLockCanBeHad() throws Exception {
            Path path = directory.resolve("s");
            Channel server = pipes().listening(NamedPipeAddress.of(path.toString()));
            server.close().sync();
            try (var files = Files.list(directory)) {
                Path lock = files.findFirst().orElseThrow();
                Files.delete(lock);
                Files.createDirectory(lock);
            }
            server = pipes().listening(NamedPipeAddress.of(path.toString()));
            pipes().assertEchoes(NamedPipeAddress.of(path.toString()));
            server.close().sync();
            assertFalse(exists(path));
        }

        @Test
        void aSecondListenerGetsAddressInUseWithTheProcessIfKnown() throws Exception {
            NamedPipeAddress address = PipeFixture.newAddress();
            Channel server = pipes().listening(address);
            BindException e = assertRefused(address, "in use", "listening", address.name(), address.path());
            if (transport == UnixTransport.epoll()) {
                assertTrue(
                        e.getMessage()
                                .contains("process " + ProcessHandle.current().pid()),
                        e.getMessage());
            }
            pipes().assertEchoes(address);
            server.close().sync();
        }

        @Test
        void aLiveSocketOfAnotherProgramIsNeverUnlinked() throws Exception {
            Path path = directory.resolve("s");
            try (ServerSocketChannel other = otherServer(path, 0)) {
                Object key = Files.getAttribute(path, "unix:fileKey");
                assertRefused(NamedPipeAddress.of(path.toString()), "in use");
                assertEquals(key, Files.getAttribute(path, "unix:fileKey"));
                assertReaches(other, path);
            }
        }

        @Test
        void aLiveSocketWithAFullBacklogIsNotTakenForStale() throws Exception {
            Path path = directory.resolve("s");
            try (ServerSocketChannel other = otherServer(path, 1)) {
                List<SocketChannel> waiting = fillBacklog(path);
                Object key = Files.getAttribute(path, "unix:fileKey");
                assertRefused(NamedPipeAddress.of(path.toString()), "in use");
                assertEquals(key, Files.getAttribute(path, "unix:fileKey"));
                for (SocketChannel socket : waiting) {
                    other.accept().close();
                    socket.close();
                }
                assertReaches(other, path);
            }
        }

        @Test
        void aStaleSocketIsReplaced() throws Exception {
            Path path = directory.resolve("s");
            otherServer(path, 0).close();
            assertTrue(exists(path));
            Channel server = pipes().listening(NamedPipeAddress.of(path.toString()));
            pipes().assertEchoes(NamedPipeAddress.of(path.toString()));
            server.close().sync();
        }

        @Test
        void whateverIsNotASocketIsLeftAlone() throws Exception {
            Path file = Files.writeString(directory.resolve("file"), "precious");
            assertRefused(NamedPipeAddress.of(file.toString()), "regular file", "not a socket");
            assertEquals("precious", Files.readString(file));

            Path folder = Files.createDirectory(directory.resolve("folder"));
            assertRefused(NamedPipeAddress.of(folder.toString()), "a directory", "not a socket");
            assertTrue(Files.isDirectory(folder));

            Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("nowhere"));
            assertRefused(NamedPipeAddress.of(link.toString()), "symbolic link", "not a socket");
            assertTrue(Files.isSymbolicLink(link));
        }

        @Test
        void manyServersThatBindOneStaleSocketAtOnceGiveOneWinner() throws Exception {
            int rounds = TestSize.of(4, 10);
            for (int round = 0; round < rounds; round++) {
                otherServer(directory.resolve("old" + round), 0).close();
            }
            // A socket of less than a second is asked twice, an older one once.
            Thread.sleep(1100);
            for (int round = 0; round < 2 * rounds; round++) {
                Path path = directory.resolve(round < rounds ? "old" + round : "young" + round);
                if (round >= rounds) {
                    otherServer(path, 0).close();
                }
                List<ChannelFuture> attempts = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    attempts.add(pipes().listen(NamedPipeAddress.of(path.toString())));
                }
                List<Channel> winners = new ArrayList<>();
                for (ChannelFuture attempt : attempts) {
                    assertTrue(attempt.await(20, TimeUnit.SECONDS));
                    if (attempt.isSuccess()) {
                        winners.add(attempt.channel());
                    } else {
                        assertInstanceOf(BindException.class, attempt.cause());
                        assertTrue(
                                attempt.cause().getMessage().contains("in use"),
                                attempt.cause().getMessage());
                    }
                }
                assertEquals(1, winners.size());
                pipes().assertEchoes(NamedPipeAddress.of(path.toString()));
                winners.get(0).close().sync();
            }
        }
    }

    /** Whose socket is removed. */
    @Nested
    class Closing {
        @Test
        void closeRemovesTheSocketAndTheNameCanBeBoundAgain() throws Exception {
            NamedPipeAddress address = PipeFixture.newAddress();
            for (int i = 0; i < 3; i++) {
                Channel server = pipes().listening(address);
                pipes().assertEchoes(address);
                server.close().sync();
                assertFalse(exists(Path.of(address.path())));
            }
        }

        @Test
        void endingTheEventLoopRemovesTheSocket() {
            NamedPipeAddress address = PipeFixture.newAddress();
            pipes().listening(address);
            assertTrue(exists(Path.of(address.path())));
            stop();
            fixture = null;
            assertFalse(exists(Path.of(address.path())));
        }

        @Test
        void aServerThatCouldNotBindRemovesNothing() throws Exception {
            Path path = directory.resolve("s");
            try (ServerSocketChannel other = otherServer(path, 0)) {
                Channel failed = pipes().listen(NamedPipeAddress.of(path.toString()))
                        .await()
                        .channel();
                failed.close().sync();
                assertReaches(other, path);
            }
        }

        @Test
        void closingKeepsASocketThatReplacedOurs() throws Exception {
            Path path = directory.resolve("s");
            Channel server = pipes().listening(NamedPipeAddress.of(path.toString()));
            Files.delete(path);
            try (ServerSocketChannel other = otherServer(path, 0)) {
                server.close().sync();
                assertReaches(other, path);
                assertOnlyFile(path);
            }
        }

        @Test
        void endingTheEventLoopKeepsASocketThatReplacedOurs() throws Exception {
            Path path = directory.resolve("s");
            pipes().listening(NamedPipeAddress.of(path.toString()));
            Files.delete(path);
            try (ServerSocketChannel other = otherServer(path, 0)) {
                stop();
                fixture = null;
                assertReaches(other, path);
                assertOnlyFile(path);
            }
        }

        @Test
        void aServerThatStartsWhileAnotherClosesKeepsItsSocket() throws Exception {
            NamedPipeAddress address =
                    NamedPipeAddress.of(directory.resolve("s").toString());
            Channel server = pipes().listening(address);
            for (int round = 0; round < TestSize.of(15, 50); round++) {
                ChannelFuture closing = server.close();
                ChannelFuture next;
                do {
                    next = pipes().listen(address).await();
                } while (!next.isSuccess());
                closing.sync();
                assertTrue(exists(Path.of(address.path())), "round " + round);
                pipes().assertEchoes(address);
                server = next.channel();
            }
            server.close().sync();
        }

        @Test
        @EnabledOnOs(OS.LINUX)
        void bindsAndConnectsThatSucceedOrFailLeakNoDescriptor() throws Exception {
            NamedPipeAddress address = PipeFixture.newAddress();
            long before = 0;
            for (int round = 0; round < TestSize.of(30, 120); round++) {
                if (round == 10) {
                    before = openDescriptors();
                }
                Channel server = pipes().listening(address);
                assertRefused(address, "in use");
                assertRefused(NamedPipeAddress.of(directory.toString()), "a directory");
                PipeFixture.cause(pipes().connect(PipeFixture.newAddress()));
                pipes().assertEchoes(address);
                server.close().sync();
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (openDescriptors() > before && System.nanoTime() - deadline < 0) {
                Thread.sleep(20); // the accepted sides see the last closes
            }
            assertTrue(openDescriptors() <= before, openDescriptors() + " descriptors, before: " + before);
        }
    }

    /** Who may use the socket, and the directory of names. */
    @Nested
    class Directories {
        @Test
        void theSocketIsForItsUserOnlyAndSoIsItsDirectory() throws Exception {
            NamedPipeAddress address = PipeFixture.newAddress();
            Channel server = pipes().listening(address);
            assertEquals("rw-------", permissions(Path.of(address.path())));
            assertEquals("rwx------", permissions(Path.of(address.path()).getParent()));
            server.close().sync();

            Path shared = directory.resolve("s");
            server = pipes().listening(NamedPipeAddress.of(shared.toString()));
            assertEquals("rw-------", permissions(shared));
            server.close().sync();
        }

        @Test
        void theDirectoryOfANameIsCreatedForItsUserOnly() throws Exception {
            NamedPipeAddress address = addressBelow(directory);
            Channel server = pipes().listening(address);
            assertEquals(directory.resolve("nettyipc").resolve("orders.sock"), Path.of(address.path()));
            assertEquals("rwx------", permissions(directory.resolve("nettyipc")));
            pipes().assertEchoes(address);
            server.close().sync();
        }

        @Test
        void aDirectoryThatOthersCanUseIsRefusedForBindAndConnect() throws Exception {
            Path unsafe = Files.createDirectory(directory.resolve("nettyipc"));
            Files.setPosixFilePermissions(unsafe, PosixFilePermissions.fromString("rwx--x---"));
            assertUnsafe("mode 0710", "chmod 700");
        }

        @Test
        void aLinkInsteadOfTheDirectoryIsRefusedForBindAndConnect() throws Exception {
            Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
            Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwx------"));
            Files.createSymbolicLink(directory.resolve("nettyipc"), elsewhere);
            assertUnsafe("symbolic link", "remove it");
        }

        @Test
        void aFileInsteadOfTheDirectoryIsRefusedForBindAndConnect() throws Exception {
            Files.createFile(directory.resolve("nettyipc"));
            assertUnsafe("regular file", "remove it");
        }

        @Test
        void aDirectoryOfAnotherUserIsRefusedForBindAndConnect() throws Exception {
            assumeTrue(userId() == 0, "only root can give a directory away");
            Path foreign = Files.createDirectory(directory.resolve("nettyipc"));
            Files.setPosixFilePermissions(foreign, PosixFilePermissions.fromString("rwx------"));
            Files.setAttribute(foreign, "unix:uid", 12345);
            assertUnsafe("user id 12345", "not to us (0)", "XDG_RUNTIME_DIR");
        }
    }
}
