/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.DomainSocketAddress;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.SystemCommand;
import io.nettyipc.pipe.unix.UnixTransport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where services run: several users and groups, read-only roots, file systems that refuse things, systemd.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the places are Unix's")
@Timeout(300)
class UnixPlacesTest {
    private static final int NOBODY = 65534;
    private static final int GROUP = 4711;

    @TempDir
    Path directory;

    private static String answer(List<String> prefix, Map<String, String> environment, String... arguments)
            throws Exception {
        try (ChildJvm program = new ChildJvm(prefix, PlaceProgram.class, jar -> true, environment, arguments)) {
            return program.answer();
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static ServerBootstrap shared(ServerBootstrap server, String permissions) {
        return server.attr(NamedPipeSocketFile.PERMISSIONS, PosixFilePermissions.fromString(permissions));
    }

    @ParameterizedTest
    @MethodSource("io.nettyipc.pipe.UnixTransports#all")
    void theSocketFileHasTheChosenPermissionsWhenTheBindSucceeds(UnixTransport transport) throws Exception {
        try (PipeFixture pipes = new PipeFixture(transport)) {
            for (String permissions : List.of("rw-rw----", "rw-rw-rw-", "rwxrwxrwx", "rw-------")) {
                Path path = directory.resolve(permissions);
                Channel server = shared(pipes.server(new ChannelInboundHandlerAdapter()), permissions)
                        .bind(NamedPipeAddress.of(path.toString()))
                        .sync()
                        .channel();
                assertEquals(permissions, mode(path));
                server.close().sync();
                assertTrue(Files.notExists(path));
            }
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux has such sockets")
    void aServerOfMessagesHasTheChosenPermissionsAndGroupToo() throws Exception {
        // Only root can give a file any group.
        boolean root = (int) Files.getAttribute(directory, "unix:uid") == 0;
        Object group = root ? GROUP : Files.getAttribute(directory, "unix:gid");
        try (PipeFixture pipes = new PipeFixture()) {
            Path path = directory.resolve("s");
            shared(new ServerBootstrap().group(pipes.group()), "rw-rw----")
                    .channel(NamedPipe.messageServerChannelType())
                    .childHandler(new ChannelInboundHandlerAdapter())
                    .attr(NamedPipeSocketFile.GROUP, group.toString())
                    .bind(NamedPipeAddress.of(path.toString()))
                    .sync();
            assertEquals("rw-rw----", mode(path));
            assertEquals(group, Files.getAttribute(path, "unix:gid"));
        }
    }

    @ParameterizedTest
    @MethodSource("io.nettyipc.pipe.UnixTransports#all")
    @EnabledOnOs(value = OS.LINUX, disabledReason = "setpriv is Linux's")
    void theGroupMayConnectAndNobodyElse(UnixTransport transport) throws Exception {
        assumeTrue((int) Files.getAttribute(directory, "unix:uid") == 0, "only root can give a file any group");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        try (PipeFixture pipes = new PipeFixture(transport)) {
            Path path = directory.resolve("s");
            shared(pipes.server(new ChannelInboundHandlerAdapter()), "rw-rw----")
                    .attr(NamedPipeSocketFile.GROUP, Integer.toString(GROUP))
                    .bind(NamedPipeAddress.of(path.toString()))
                    .sync();

            assertEquals(GROUP, Files.getAttribute(path, "unix:gid"));
            assertTrue(connects(path, GROUP), "a member of the group is kept out");
            assertTrue(!connects(path, NOBODY), "a stranger may connect");
        }
    }

    private static boolean connects(Path path, int group) throws Exception {
        // Not a JVM: another user may not read this one's classes.
        String python = "/usr/bin/python3";
        assumeTrue(Files.isExecutable(Path.of(python)), "no python");
        return SystemCommand.works(List.of(
                "setpriv",
                "--reuid=" + NOBODY,
                "--regid=" + group,
                "--clear-groups",
                python,
                "-c",
                "import socket; socket.socket(socket.AF_UNIX).connect('" + path + "')"));
    }

    @Test
    void aGroupThatThereIsNotFailsTheBindAndLeavesNoFile() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            Path path = directory.resolve("s");
            ChannelFuture bind = pipes.server(new ChannelInboundHandlerAdapter())
                    .attr(NamedPipeSocketFile.GROUP, "no-such-group")
                    .bind(NamedPipeAddress.of(path.toString()));
            Throwable e = PipeFixture.cause(bind);

            assertTrue(e.getMessage().contains("the group no-such-group"), e.getMessage());
            bind.channel().closeFuture().sync();
            assertTrue(Files.notExists(path));
        }
    }

    /** Docker Desktop's and other machines' shared directories take sockets and refuse to change their mode. */
    @ParameterizedTest
    @ValueSource(strings = {"EINVAL", "EOPNOTSUPP", "EPERM"})
    @EnabledOnOs(value = OS.LINUX, disabledReason = "strace is Linux's")
    void aFileSystemThatRefusesChmodIsNoReasonToFailWhereTheDirectoryKeepsOthersOut(String error) throws Exception {
        List<String> refusing = SystemCommand.withFault("chmod,fchmod,fchmodat:error=" + error);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        assertEquals(
                "bound",
                answer(refusing, Map.of(), "bind", directory.resolve("s").toString()));
    }

    /** Network and overlay file systems, with any of the errors that they have for it. */
    @ParameterizedTest
    @ValueSource(strings = {"ENOLCK", "EINVAL", "EOPNOTSUPP"})
    @EnabledOnOs(value = OS.LINUX, disabledReason = "strace is Linux's")
    void aFileSystemWithoutLocksIsNoReasonToFail(String error) throws Exception {
        List<String> refusing = SystemCommand.withFault("fcntl:error=" + error + ":when=1+");
        assertEquals(
                "bound",
                answer(refusing, Map.of(), "bind", directory.resolve("s").toString()));
    }

    /** As with a read-only root and one writable mount for the socket. */
    @ParameterizedTest
    @ValueSource(strings = {"-Dio.netty.transport.noNative=true", "-Dnettyipc.none"})
    void anExplicitPathNeedsNoOtherDirectory(String option) throws Exception {
        Map<String, String> options = Map.of("JAVA_TOOL_OPTIONS", option + " -Djava.io.tmpdir=/nonexistent");
        List<String> prefix = List.of("env", "-u", "XDG_RUNTIME_DIR");
        assertEquals(
                "bound", answer(prefix, options, "bind", directory.resolve("s").toString()));
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "encodings are the locale's on Linux only")
    void withoutALocaleAPathOutsideAsciiIsRefusedWithWhatToDo() throws Exception {
        List<String> prefix =
                List.of("env", "-u", "LANG", "LC_ALL=C", "JAVA_TOOL_OPTIONS=-Dsun.jnu.encoding=ANSI_X3.4-1968");
        String path = directory + "/m\u00fc.sock";
        for (String action : List.of("bind", "connect")) {
            String refused = answer(prefix, Map.of(), action, path);
            assertTrue(refused.contains("LC_ALL=C.UTF-8") || refused.contains("cannot be a file name"), refused);
        }
    }

    /** A parent's last lines: it becomes the program, which has the socket {@code s} as descriptor 3. */
    private static final String START_WITH_SOCKET = """
            os.dup2(s.fileno(), 3)
            os.set_inheritable(3, True)
            os.environ["LISTEN_FDS"] = "1"
            os.environ["LISTEN_PID"] = str(os.getpid())
            os.execv(sys.argv[2], sys.argv[2:])
            """;

    /** The parent is what systemd is: it listens, and starts the server with the socket. */
    private static final String ACTIVATE = """
            import os, socket, sys
            s = socket.socket(socket.AF_UNIX)
            s.bind(sys.argv[1])
            s.listen(8)
            """ + START_WITH_SOCKET;

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "systemd is Linux's")
    void aSocketThatSystemdListensOnIsServedAndStays() throws Exception {
        assumeTrue(UnixTransport.epoll() != null, "no epoll");
        assumeTrue(SystemCommand.works(List.of("python3", "--version")), "no python");
        Path path = directory.resolve("s");
        List<String> systemd = List.of("python3", "-c", ACTIVATE, path.toString());
        try (PipeFixture pipes = new PipeFixture();
                ChildJvm server = new ChildJvm(systemd, PlaceProgram.class, jar -> true, Map.of(), "inherited", "3")) {
            assertEquals("true [3]", server.answer());
            assertEquals("in children: false", server.answer());
            pipes.assertEchoes(NamedPipeAddress.of(path.toString()));

            server.tell("close");

            assertEquals("closed", server.answer());
            assertTrue(Files.exists(path), "the file is systemd's");
        }
    }

    /** The parent is what a socket unit with {@code Accept=yes}, or inetd, is: it hands over one connection. */
    private static final String HAND_OVER = """
            import os, socket, sys
            s = socket.socket(socket.AF_UNIX)
            s.connect(sys.argv[1])
            """ + START_WITH_SOCKET;

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "systemd is Linux's")
    void aConnectionThatWasHandedOverIsServedToItsEnd() throws Exception {
        assumeTrue(UnixTransport.epoll() != null, "no epoll");
        assumeTrue(SystemCommand.works(List.of("python3", "--version")), "no python");
        Path path = directory.resolve("s");
        List<String> parent = List.of("python3", "-c", HAND_OVER, path.toString());
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.listening(NamedPipeAddress.of(path.toString()));
            try (ChildJvm program = new ChildJvm(parent, PlaceProgram.class, jar -> true, Map.of(), "connected", "3")) {
                assertEquals("true [3]", program.answer());
                assertEquals("in children: false", program.answer());
                assertEquals("echo: ping", program.answer());
                assertEquals("closed", program.answer());
            }
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "systemd is Linux's")
    void theClientForWhomSystemdStartsTheServerIsServed() throws Exception {
        assumeTrue(UnixTransport.epoll() != null, "no epoll");
        assumeTrue(SystemCommand.works(List.of("systemd-socket-activate", "--version")), "no systemd");
        Path path = directory.resolve("s");
        List<String> systemd = List.of("systemd-socket-activate", "-l", path.toString());
        try (PipeFixture pipes = new PipeFixture();
                ChildJvm server = new ChildJvm(systemd, PlaceProgram.class, jar -> true, Map.of(), "inherited", "3")) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (Files.notExists(path)) {
                assertTrue(System.nanoTime() - deadline < 0, "systemd doesn't listen");
                Thread.sleep(5);
            }

            pipes.assertEchoes(NamedPipeAddress.of(path.toString()));

            assertEquals("true [3]", server.answer());
        }
    }

    private static final Pattern UNIT = Pattern.compile("```ini\n# (\\S+)\n(.*?)```", Pattern.DOTALL);

    /** It says what it ignores, and is content. */
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "systemd is Linux's")
    void systemdHasNothingToSayAboutTheUnitsOfTheDeploymentPage() throws Exception {
        assumeTrue(SystemCommand.works(List.of("systemd-analyze", "--version")), "no systemd");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of("systemd-analyze", "verify", "--man=no"));
        Matcher units = UNIT.matcher(Files.readString(Path.of("..", "docs", "deployment.md")));
        while (units.find()) {
            Path unit = directory.resolve(units.group(1));
            command.add(Files.writeString(unit, units.group(2).replace("/usr/bin/java", java))
                    .toString());
        }
        assertEquals(5, command.size(), command::toString);

        Process verify = new ProcessBuilder(command).redirectErrorStream(true).start();

        assertEquals("", new String(verify.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(0, verify.waitFor());
    }

    @Test
    void descriptorsThatAreMeantForAnotherProcessOrAreNoSocketsAreNotTaken() {
        String self = Long.toString(ProcessHandle.current().pid());
        assertEquals(List.of(3, 4), InheritedSocket.ofSystemd(self, "2"));
        assertEquals(List.of(), InheritedSocket.ofSystemd(self + "1", "2"));
        assertEquals(List.of(), InheritedSocket.ofSystemd(null, null));
        assertThrows(IllegalStateException.class, () -> InheritedSocket.ofSystemd(self, "two"));
        assumeTrue(UnixTransport.preferred() != UnixTransport.nio(), "the JDK takes no descriptors");
        assertThrows(
                IllegalArgumentException.class,
                () -> InheritedSocket.server(1_000_000).newChannel());
    }

    @ParameterizedTest
    @MethodSource("io.nettyipc.pipe.UnixTransports#all")
    @EnabledOnOs(value = OS.LINUX, disabledReason = "abstract sockets are Linux's")
    void anAbstractNameIsRefusedByServersWithWhatToDo(UnixTransport transport) throws Exception {
        try (PipeFixture pipes = new PipeFixture(transport)) {
            for (ChannelFuture bind : Set.of(
                    pipes.listen(new DomainSocketAddress("\0" + PipeFixture.newName())),
                    new ServerBootstrap()
                            .group(pipes.group())
                            .channel(NamedPipe.messageServerChannelType())
                            .childHandler(new ChannelInboundHandlerAdapter())
                            .bind(new DomainSocketAddress("\0" + PipeFixture.newName())))) {
                String refused = PipeFixture.cause(bind).getMessage();
                assertTrue(refused.contains("abstract sockets are not supported"), refused);
            }
            ChannelFuture messages = new Bootstrap()
                    .group(pipes.group())
                    .channel(NamedPipe.messageChannelType())
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(new DomainSocketAddress("\0" + PipeFixture.newName()));
            assertTrue(PipeFixture.cause(messages).getMessage().contains("nobody listens on this abstract socket"));
        }
    }
}
