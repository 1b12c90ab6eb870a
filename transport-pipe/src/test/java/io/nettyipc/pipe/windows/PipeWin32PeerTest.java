/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import static io.nettyipc.base.testing.PeerProgram.data;
import static io.nettyipc.base.testing.PeerProgram.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.nettyipc.base.testing.PeerProgram;
import io.nettyipc.pipe.NamedPipeAccess;
import io.nettyipc.pipe.NamedPipeChannelOption;
import io.nettyipc.pipe.NamedPipeMode;
import io.nettyipc.pipe.NamedPipeSecurity;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Access, instances and death, with Win32 programs in processes of their own at the other end. */
@EnabledOnOs(OS.WINDOWS)
@Timeout(120)
class PipeWin32PeerTest extends PipeFixture {

    /** FILE_GENERIC_READ and FILE_WRITE_ATTRIBUTES for everyone: enough to read, and to read messages. */
    private static final String READ_ONLY = "D:(A;;0x120189;;;WD)";

    private final Messages messages = new Messages();

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private Bootstrap messageClient() {
        return client(messages).option(NamedPipeChannelOption.PIPE_READ_MODE, NamedPipeMode.MESSAGE);
    }

    /** 58 */
    @Test
    void aClientThatOnlyReadsIsLetInByADescriptorForReaders() throws Exception {
        try (PeerProgram server = new PeerProgram()) {
            server.does("serve " + address.path() + " message message outbound 2 " + READ_ONLY);
            Channel channel = messageClient()
                    .option(NamedPipeChannelOption.PIPE_ACCESS, NamedPipeAccess.INBOUND)
                    .connect(address)
                    .sync()
                    .channel();
            server.does("accept");
            server.does("write " + hex("for readers"));
            assertEquals("for readers", messages.next());
            ChannelFuture write = channel.writeAndFlush(text("x")).awaitUninterruptibly();
            assertInstanceOf(UnsupportedOperationException.class, write.cause());
        }
        Messages served = new Messages();
        server(served)
                .option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                .option(NamedPipeChannelOption.PIPE_SECURITY, NamedPipeSecurity.ofSddl(READ_ONLY + "(A;;GA;;;OW)"))
                .bind(address)
                .sync();
        try (PeerProgram client = new PeerProgram()) {
            client.does("open " + address.path() + " message r");
            served.awaitActive().writeAndFlush(text("hello")).sync();
            assertEquals(data("hello"), client.ask("read 100"));
            assertEquals("error 5", client.ask("write 00"));
        }
    }

    /** 58 */
    @Test
    void aClientThatTheDescriptorKeepsOutIsToldSoAndTheOthersAreServed() throws Exception {
        assumeFalse(Wine.isWine(), "Wine stores security descriptors and doesn't enforce them");
        try (PeerProgram server = new PeerProgram()) {
            server.does("serve " + address.path() + " message message duplex 2 " + READ_ONLY);
            Throwable cause =
                    messageClient().connect(address).awaitUninterruptibly().cause();
            assertInstanceOf(ConnectException.class, cause);
            assertTrue(cause.getMessage().contains("ERROR_ACCESS_DENIED (5)"), cause.getMessage());
            messageClient()
                    .option(NamedPipeChannelOption.PIPE_ACCESS, NamedPipeAccess.INBOUND)
                    .connect(address)
                    .sync();
        }
    }

    /** 21, 40 */
    @Test
    void aServerAtItsLimitServesAsManyProcessesAndTheNextWhenOneLeaves() throws Exception {
        server(new Echo())
                .option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                .option(NamedPipeChannelOption.PIPE_MAX_INSTANCES, 3)
                .bind(address)
                .sync();
        List<PeerProgram> processes = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                PeerProgram client = new PeerProgram();
                processes.add(client);
                client.does("open " + address.path() + " message rw");
                assertEquals(data("from " + i), client.ask("transact " + hex("from " + i) + " 100"));
            }
            PeerProgram late = new PeerProgram();
            processes.add(late);
            assertEquals("error 231", late.ask("open " + address.path() + " message rw"));
            // It waits, as CallNamedPipe does, until one of the three is dead.
            late.tell("call " + address.path() + ' ' + hex("late") + " 100 20000");
            processes.get(1).kill();
            assertEquals(data("late"), late.answer());
            assertEquals(data("still"), processes.get(0).ask("transact " + hex("still") + " 100"));
        } finally {
            processes.forEach(PeerProgram::close);
        }
    }

    @Test
    void aBusyServerOfMessagesTimesOut() throws Exception {
        try (PeerProgram server = new PeerProgram()) {
            server.does("serve " + address.path() + " message message duplex 1");
            messageClient().connect(address).sync();
            Throwable cause = messageClient()
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 200)
                    .connect(address)
                    .awaitUninterruptibly()
                    .cause();
            assertInstanceOf(ConnectTimeoutException.class, cause);
            assertTrue(cause.getMessage().contains("ERROR_PIPE_BUSY (231)"), cause.getMessage());
        }
    }

    @Test
    void aServerThatDiesFailsTheWriteThatIsUnderWayAndThoseBehindIt() throws Exception {
        try (PeerProgram server = new PeerProgram()) {
            server.does("serve " + address.path() + " message message duplex 1");
            Channel channel = messageClient().connect(address).sync().channel();
            server.does("accept");
            ChannelFuture large = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[500_000]));
            ChannelFuture behind = channel.writeAndFlush(text("behind"));
            assertFalse(large.await(200));
            server.kill();
            assertInstanceOf(IOException.class, large.awaitUninterruptibly().cause());
            assertInstanceOf(IOException.class, behind.awaitUninterruptibly().cause());
            messages.awaitInactive();
        }
    }

    @Test
    void aClientThatDiesInTheMiddleOfAMessageEndsItsChannelAlone() throws Exception {
        server(messages)
                .option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                .childOption(ChannelOption.AUTO_READ, false)
                .bind(address)
                .sync();
        try (PeerProgram dies = new PeerProgram();
                PeerProgram lives = new PeerProgram()) {
            dies.does("open " + address.path() + " message rw");
            Channel child = messages.awaitActive();
            lives.does("open " + address.path() + " message rw");
            Channel other = messages.awaitActive();
            // Larger than the quota: it is still being written when its writer dies.
            dies.tell("fill 500000 1");
            child.read();
            messages.nextBytes();
            dies.kill();
            child.config().setAutoRead(true);
            messages.awaitInactive();
            other.config().setAutoRead(true);
            while (messages.hasNext()) {
                messages.nextBytes();
            }
            lives.does("write " + hex("alive"));
            assertEquals("alive", messages.next());
        }
    }
}
