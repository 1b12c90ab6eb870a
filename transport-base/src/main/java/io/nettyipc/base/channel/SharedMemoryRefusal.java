/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;

/**
 * Recognises a shared-memory server by the first bytes that a pipe's client reads, and says so: both kinds of server
 * have the same names, and the client's codec would take the refusal for data. It leaves the pipeline with these bytes.
 *
 * <pre>
 *   +---------+---------------+-----------+----------------------+
 *   | TYPE u8 | length u16    | MAGIC u32 | reason, UTF-8        |
 *   +---------+---------------+-----------+----------------------+
 * </pre>
 */
public final class SharedMemoryRefusal extends ChannelInboundHandlerAdapter {

    /** The type of the handshake's message. */
    public static final int TYPE = 5;
    /** Begins what a shared-memory server is told, and tells those who don't know that it is one: "NIPC". */
    public static final int MAGIC = 0x4E495043;

    private static final int MAGIC_OFFSET = 3;
    private static final int REASON_OFFSET = MAGIC_OFFSET + Integer.BYTES;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ctx.pipeline().remove(this);
        if (msg instanceof ByteBuf bytes && isRefusal(bytes)) {
            int reason = bytes.readerIndex() + REASON_OFFSET;
            String text = bytes.toString(reason, bytes.writerIndex() - reason, StandardCharsets.UTF_8);
            bytes.release();
            String server = String.valueOf(ctx.channel().remoteAddress());
            ctx.fireExceptionCaught(new ProtocolException("the server at " + server
                    + " is one of shared memory, and this client one of a pipe: connect with ShmChannel and event loops"
                    + " of Shm.newIoHandlerFactory(), or bind NamedPipe.serverChannelType() there; the server says: "
                    + text));
            ctx.close();
        } else {
            ctx.fireChannelRead(msg);
        }
    }

    private static boolean isRefusal(ByteBuf bytes) {
        int start = bytes.readerIndex();
        return bytes.readableBytes() >= REASON_OFFSET
                && bytes.getByte(start) == TYPE
                && bytes.getInt(start + MAGIC_OFFSET) == MAGIC;
    }
}
